package dev.cairn.backup.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutputTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aTerminalSeesABarThatIsWrittenOverAndRemoved() {
        ProgressBar bar = new ProgressBar(stream, true, nanos::get);
        bar.onProgress(half());
        String shown = written();
        assertTrue(
                shown.startsWith("\rsnapshot [############------------]  50 %  512 B in 2.00 s, 2.00 s left  data"),
                shown);
        bar.close();
        String removed = written().substring(shown.length());
        assertEquals("\r" + " ".repeat(shown.length() - 1) + "\r", removed);
        bar.onProgress(half());
        assertEquals(shown + removed, written(), "told after the end, it stays silent");
    }

    @Test
    void elsewhereALineComesEveryTenSecondsAtMost() {
        ProgressBar bar = new ProgressBar(stream, false, nanos::get);
        bar.onProgress(half());
        assertEquals("", written());
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        bar.onProgress(half());
        bar.onProgress(half());
        assertEquals(1, written().lines().count(), written());
        assertFalse(written().contains("\r") || written().contains("["), written());
        assertTrue(written().contains("50 %"), written());
    }

    @Test
    void whatComesFromOutsideCannotCommandTheTerminal() {
        new Page(stream, Style.PLAIN)
                .line("label \u001b[2J\u0007")
                .table(List.of("A", "B"), List.of(List.of("x\u001b[31m", "y\u202e")));
        assertFalse(written().chars().anyMatch(c -> c == 0x1b || c == 7 || c == 0x202e), written());
        assertTrue(written().contains("\\u001b[2J\\u0007"), written());
        assertTrue(written().contains("y\\u202e"), written());
    }

    @Test
    void aNameWithALineBreakIsNotTwoNames() {
        new Page(stream, Style.PLAIN).item("data/a\nb").table(List.of("A"), List.of(List.of("c\nd")));
        assertEquals("data/a\\u000ab\nA\nc\\u000ad\n", written().replace("\r\n", "\n"));
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        new Page(stream, Style.PLAIN)
                .table(List.of("ID", "SIZE"), List.of(List.of("snap-1", "1 B"), List.of("s", "2 B")));
        assertEquals("ID      SIZE\nsnap-1  1 B\ns       2 B\n", written().replace("\r\n", "\n"));
    }

    @Test
    void numbersAreReadable() {
        assertEquals("1023 B", Texts.bytes(1023));
        assertEquals("1.5 MiB", Texts.bytes(3 << 19));
        assertEquals("8192.0 PiB", Texts.bytes(Long.MAX_VALUE));
        assertEquals("0.25 s", Texts.duration(Duration.ofMillis(250)));
        assertEquals("3 min 5 s", Texts.duration(Duration.ofSeconds(185)));
        assertEquals("2 h 0 min", Texts.duration(Duration.ofHours(2)));
        assertEquals("2 d 4 h", Texts.duration(Duration.ofHours(52)));
        assertEquals("1 snapshot", Texts.count(1, "snapshot"));
        assertEquals("0 snapshots", Texts.count(0, "snapshot"));
    }

    private static Progress half() {
        return new Progress("snapshot", "data", 1, 512, OptionalLong.of(1024), Duration.ofSeconds(2));
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
