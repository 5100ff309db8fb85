package dev.cairn.backup.cli.output;

import dev.cairn.backup.Progress;
import dev.cairn.backup.ProgressListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far an operation has come: on a terminal one line that is written over and at last removed, elsewhere a line every ten seconds. Thread-safe: told by the manager's thread, ended by the command's.
 */
public final class ProgressBar implements ProgressListener, AutoCloseable {

    private static final int WIDTH = 24;
    private static final long BETWEEN_LINES = Duration.ofSeconds(10).toNanos();

    private final PrintStream to;
    private final boolean terminal;
    private final LongSupplier nanos;
    private long lastLine;
    private int shown;
    private boolean closed;

    /**
     * @param to where it is written, which should not be where the answer is
     * @param terminal whether that is a terminal
     * @param nanos as {@link System#nanoTime}
     */
    public ProgressBar(PrintStream to, boolean terminal, LongSupplier nanos) {
        this.to = to;
        this.terminal = terminal;
        this.nanos = nanos;
        this.lastLine = nanos.getAsLong();
    }

    @Override
    public synchronized void onProgress(Progress progress) {
        if (closed) {
            return;
        }
        if (terminal) {
            String text = text(progress);
            to.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
            to.flush();
            shown = text.length();
        } else if (nanos.getAsLong() - lastLine >= BETWEEN_LINES) {
            lastLine = nanos.getAsLong();
            to.println(text(progress));
        }
    }

    /** Removes what is shown. Idempotent. */
    @Override
    public synchronized void close() {
        if (shown > 0) {
            to.print("\r" + " ".repeat(shown) + "\r");
            to.flush();
        }
        shown = 0;
        closed = true;
    }

    private String text(Progress progress) {
        StringBuilder text = new StringBuilder(progress.operation());
        if (progress.totalBytes().isPresent() && progress.totalBytes().getAsLong() > 0) {
            double share = Math.min(
                    1, (double) progress.bytes() / progress.totalBytes().getAsLong());
            if (terminal) {
                int filled = (int) Math.round(share * WIDTH);
                text.append(" [")
                        .append("#".repeat(filled))
                        .append("-".repeat(WIDTH - filled))
                        .append(']');
            }
            text.append(String.format(Locale.ROOT, " %3.0f %%", share * 100));
        }
        text.append("  ").append(Texts.bytes(progress.bytes()));
        text.append(" in ").append(Texts.duration(progress.elapsed()));
        progress.timeLeft()
                .ifPresent(
                        left -> text.append(", ").append(Texts.duration(left)).append(" left"));
        return text.append("  ").append(progress.dataset()).toString();
    }
}
