package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class FilesConsistencyTest {

    private static final int SNAPSHOTS = 20;
    private static final int TRIES = 3;

    @TempDir
    Path temp;

    /** Fair: the host asks for it again at once whenever it lets it go. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private Path live;
    private RecordingCaptureContext context;
    private long counter;

    @BeforeEach
    void makeTree() throws Exception {
        live = Files.createDirectories(temp.resolve("live").resolve("state")).getParent();
        context = RecordingCaptureContext.in(temp.resolve("scratch"));
        Files.writeString(live.resolve("state/counter"), "0\n");
        for (int i = 0; i < 100; i++) {
            Files.writeString(live.resolve("other-" + i), "x".repeat(i));
        }
    }

    private Path counterFile() {
        return live.resolve("state/counter");
    }

    private interface Writer {
        void write(long value) throws IOException;
    }

    /** Takes snapshots while a thread changes the counter under the lock and another one makes noise without it, neither ever stopping. */
    private void assertEveryCutIsExact(FilesDataset dataset, Writer writer) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread host = new Thread(() -> {
            try {
                while (!stop.get()) {
                    lock.lock();
                    try {
                        writer.write(++counter);
                    } finally {
                        lock.unlock();
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        Thread noise = new Thread(() -> {
            try {
                for (long i = 0; !stop.get(); i++) {
                    replace(live.resolve("noise-" + i % 3), "noise " + i);
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        host.start();
        noise.start();
        try {
            for (int i = 0; i < SNAPSHOTS; i++) {
                cut(dataset, TRIES);
            }
        } finally {
            stop.set(true);
            host.join();
            noise.join();
        }
        assertEquals(null, failure.get());
    }

    private void cut(FilesDataset dataset, int triesLeft) throws Exception {
        long expected;
        FrozenView view;
        try (PreparedCapture prepared = dataset.prepare(context).orElseThrow()) {
            lock.lock();
            try {
                view = prepared.freeze();
                expected = counter;
            } finally {
                lock.unlock();
            }
        }
        try (view) {
            assertEquals(expected, lastLine(content(view, "state/counter")));
        } catch (CutMissedException e) {
            assertTrue(triesLeft > 1, "missed " + TRIES + " times: " + e);
            cut(dataset, triesLeft - 1);
        }
    }

    private static long lastLine(String text) {
        String[] lines = text.split("\n");
        return Long.parseLong(lines[lines.length - 1]);
    }

    /** Reads everything, as the engine does, and gives one file's content. */
    private static String content(FrozenView view, String wanted) throws IOException {
        String found = null;
        try (EntryCursor entries = view.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                try (InputStream in = entry.content().open()) {
                    byte[] bytes = in.readAllBytes();
                    found = entry.path().value().equals(wanted) ? new String(bytes) : found;
                }
            }
        }
        return found == null ? "" : found;
    }

    private static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void immutableIsExactWhileTheHostNeverStops() throws Exception {
        // The noise writes temporary files in place, which are not of the dataset's kind.
        assertEveryCutIsExact(
                FilesDataset.of("f", live).consistency(Consistency.IMMUTABLE).exclude("**/*.new"),
                value -> replace(counterFile(), value + "\n"));
    }

    @Test
    void appendOnlyIsExactWhileTheHostNeverStops() throws Exception {
        assertEveryCutIsExact(
                FilesDataset.of("f", live).consistency(Consistency.APPEND_ONLY).exclude("**/*.new"),
                value -> Files.writeString(counterFile(), value + "\n", StandardOpenOption.APPEND));
    }

    @Test
    void inBarrierIsExactWhileTheHostWritesInPlace() throws Exception {
        assertEveryCutIsExact(
                FilesDataset.of("f", live).consistency(Consistency.IN_BARRIER).include("state", "other-*"),
                value -> Files.writeString(counterFile(), value + "\n"));
    }

    @Test
    void fsSnapshotReadsWhatTheHostCopiedAndReleasesItOnce() throws Exception {
        List<Path> released = new java.util.ArrayList<>();
        int[] number = {0};
        FilesDataset dataset = FilesDataset.of("f", live)
                .include("state")
                .fsSnapshot(
                        () -> {
                            try {
                                Path copy = Files.createDirectories(temp.resolve("copy-" + ++number[0] + "/state"));
                                Files.copy(counterFile(), copy.resolve("counter"));
                                return copy.getParent();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        released::add);
        assertEveryCutIsExact(dataset, value -> Files.writeString(counterFile(), value + "\n"));
        assertEquals(SNAPSHOTS, released.size());
    }

    @Test
    void aFileReplacedBeforeItIsReadIsMissedOnceAndPinnedThen() throws Exception {
        old(live);
        // Those are pinned as the latest: the ctime of the others is of today too.
        for (int i = 0; i < 64; i++) {
            Path busy = Files.writeString(live.resolve("busy-" + i), "x");
            Files.setLastModifiedTime(busy, FileTime.from(Instant.now().plusSeconds(3600)));
        }
        FilesDataset dataset = FilesDataset.of("f", live).consistency(Consistency.IMMUTABLE);
        try (FrozenView view = frozen(dataset)) {
            replace(live.resolve("other-7"), "replaced");
            replace(live.resolve("other-9"), "replaced too");
            assertThrows(CutMissedException.class, () -> content(view, "other-7"));
        }
        try (FrozenView view = frozen(dataset)) {
            replace(live.resolve("other-7"), "again");
            replace(live.resolve("other-9"), "again");
            assertEquals("replaced", content(view, "other-7"), "as of the freeze");
        }
    }

    /** Long ago, so that nothing is pinned for being recent; only the mtime can be set, so ctimes still say now. */
    private void old(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
            }
        }
    }

    private FrozenView frozen(FilesDataset dataset) {
        try (PreparedCapture prepared = dataset.prepare(context).orElseThrow()) {
            return prepared.freeze();
        }
    }

    @Test
    void aLogThatIsCutShorterFailsTheSnapshot() throws Exception {
        Files.writeString(counterFile(), "a long line\n");
        FilesDataset dataset = FilesDataset.of("f", live.resolve("state")).consistency(Consistency.APPEND_ONLY);
        try (FrozenView view = frozen(dataset)) {
            Files.writeString(counterFile(), "x");
            SourceException e = assertThrows(SourceException.class, () -> content(view, "counter"));
            assertTrue(e.getMessage().contains("counter"), e.getMessage());
        }
    }

    @Test
    void aLogThatIsRotatedIsReadUnderItsOldName() throws Exception {
        Files.writeString(counterFile(), "before\n");
        FilesDataset dataset = FilesDataset.of("f", live.resolve("state")).consistency(Consistency.APPEND_ONLY);
        try (FrozenView view = frozen(dataset)) {
            Files.move(counterFile(), live.resolve("state/counter.1"));
            Files.writeString(counterFile(), "after rotation, and longer than before\n");
            assertEquals("before\n", content(view, "counter"));
        }
    }

    @Test
    void tooMuchForTheBarrierIsRefusedWithSizeAndLimit() throws Exception {
        FilesDataset dataset =
                FilesDataset.of("f", live).consistency(Consistency.IN_BARRIER).inBarrierLimit(100);
        SourceException e = assertThrows(SourceException.class, () -> dataset.prepare(context));
        assertTrue(e.getMessage().contains("at most 100"), e.getMessage());
        assertTrue(e.getMessage().contains("4952"), e.getMessage());
    }

    @Test
    void fuzzyListsWhatChangedAfterTheCut() throws Exception {
        try (FrozenView view = frozen(FilesDataset.of("f", live).include("other-*"))) {
            Path early = live.resolve("other-3");
            Files.writeString(early, "changed before it was read");
            try (EntryCursor entries = view.entries()) {
                for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                    try (InputStream in = entry.content().open()) {
                        if (entry.path().value().equals("other-5")) {
                            Files.writeString(live.resolve("other-5"), "!", StandardOpenOption.APPEND);
                        }
                        in.readAllBytes();
                    }
                }
            }
            List<EntryPath> changed = view.changedAfterCut();
            assertTrue(changed.contains(EntryPath.of("other-3")), changed.toString());
            assertTrue(changed.contains(EntryPath.of("other-5")), changed.toString());
        }
    }

    @Test
    void aFuzzyFileThatGrowsForEverComesToAnEnd() throws Exception {
        FrozenView view = frozen(FilesDataset.of("f", live).include("state"));
        try (view;
                EntryCursor entries = view.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.path().value().equals("state/counter")) {
                    try (InputStream in = entry.content().open()) {
                        int read = 0;
                        while (in.read() >= 0) {
                            Files.writeString(counterFile(), "more", StandardOpenOption.APPEND);
                            assertTrue(++read <= 2, "longer than it was when it was opened");
                        }
                    }
                }
            }
            assertEquals(List.of(EntryPath.of("state/counter")), view.changedAfterCut());
        }
    }

    @Test
    void aFuzzyFileThatVanishesIsTakenInTheNextTry() throws Exception {
        FilesDataset dataset = FilesDataset.of("f", live.resolve("state"));
        for (int attempt = 1; attempt <= 2; attempt++) {
            try (FrozenView view = frozen(dataset);
                    EntryCursor entries = view.entries()) {
                entries.next();
                Entry entry = entries.next();
                Files.delete(counterFile());
                if (attempt == 1) {
                    assertInstanceOf(
                            CutMissedException.class,
                            assertThrows(
                                    RuntimeException.class,
                                    () -> entry.content().open()));
                    Files.writeString(counterFile(), "back");
                } else {
                    assertEquals("back", new String(entry.content().open().readAllBytes()));
                }
            }
        }
    }

    @Test
    void pinsAreLetGoWithTheView() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors));
        FrozenView view = frozen(FilesDataset.of("f", live).consistency(Consistency.APPEND_ONLY));
        assertEquals(32, open(descriptors));
        assertEquals("0", lastLine(content(view, "state/counter")) + "");
        view.close();
        assertEquals(0, open(descriptors));
    }

    private long open(Path descriptors) throws IOException {
        long found = 0;
        try (var all = Files.list(descriptors)) {
            for (Path descriptor : all.toList()) {
                found += Files.isSymbolicLink(descriptor)
                                && Files.readSymbolicLink(descriptor).startsWith(live.toRealPath())
                        ? 1
                        : 0;
            }
        }
        return found;
    }
}
