package dev.cairn.backup.fs.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class WalkAheadTest {

    /** The entries that may be on their way beside those that wait: the batch being handed out and the one being found. */
    private static final int ON_THE_WAY = 2 * 128;

    @TempDir
    Path temp;

    private CaptureWalk listener;

    @BeforeEach
    void makeListener() {
        listener = new CaptureWalk(
                new CaptureSpec(
                        "files",
                        Consistency.FUZZY,
                        temp,
                        TreeRoot.tree(temp, Selection.ALL),
                        0,
                        new HotPaths(),
                        RecordingCaptureContext.in(temp)),
                path -> {});
    }

    /** A walk through so many folders, which a test may watch, hold up or end. */
    private static class Walk implements EntryCursor {
        private final int count;
        final AtomicInteger found = new AtomicInteger();
        final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        final AtomicInteger closed = new AtomicInteger();

        Walk(int count) {
            this.count = count;
        }

        void before(int number) {}

        @Override
        public @Nullable Entry next() {
            threads.add(Thread.currentThread());
            int number = found.get();
            before(number);
            if (number == count) {
                return null;
            }
            found.incrementAndGet();
            return Entry.directory(EntryPath.of("folder-" + number), EntryAttributes.NONE);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static void assertNext(int number, EntryCursor cursor) {
        Entry entry = cursor.next();
        assertEquals("folder-" + number, entry == null ? null : entry.path().value());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 384, 385, 1280, 10_000})
    void theEntriesAreThoseOfTheWalk(int count) {
        Walk walk = new Walk(count);
        try (EntryCursor cursor = new WalkAhead(walk, listener)) {
            for (int i = 0; i < count; i++) {
                assertNext(i, cursor);
            }
            assertNull(cursor.next());
            assertNull(cursor.next());
        }
        assertEquals(1, walk.closed.get());
    }

    @Test
    void aSmallTreeIsWalkedByTheCaller() {
        Walk walk = new Walk(WalkAhead.ALONE - 1);
        try (EntryCursor cursor = new WalkAhead(walk, listener)) {
            while (cursor.next() != null) {
                assertEquals(Set.of(Thread.currentThread()), walk.threads);
            }
        }
        assertEquals(Set.of(Thread.currentThread()), walk.threads);
    }

    @Test
    void theRestIsWalkedByOneOfTheLibrarysThreads() {
        Walk walk = new Walk(WalkAhead.ALONE + 1);
        try (EntryCursor cursor = new WalkAhead(walk, listener)) {
            while (cursor.next() != null) {}
        }
        walk.threads.remove(Thread.currentThread());
        assertEquals(1, walk.threads.size());
        assertTrue(walk.threads.iterator().next().getName().startsWith("cairn-"), walk.threads.toString());
    }

    @Test
    void theWalkGetsAheadAndNoFurtherThanAllowed() throws Exception {
        CountDownLatch far = new CountDownLatch(1);
        int most = WalkAhead.ALONE + WalkAhead.MOST_AHEAD;
        Walk walk = new Walk(20_000) {
            @Override
            void before(int number) {
                if (number == most) {
                    far.countDown();
                }
            }
        };
        try (EntryCursor cursor = new WalkAhead(walk, listener)) {
            for (int i = 0; i <= WalkAhead.ALONE; i++) {
                assertNext(i, cursor);
            }
            far.await();
            for (int i = WalkAhead.ALONE + 1; i < 20_000; i++) {
                assertNext(i, cursor);
                int ahead = walk.found.get() - i;
                assertTrue(ahead <= WalkAhead.MOST_AHEAD + ON_THE_WAY, ahead + " are ahead");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 255, 256, 300, 2000})
    void aFailureComesAfterWhatWasFoundBefore(int at) {
        IllegalStateException failure = new IllegalStateException("disk");
        Walk walk = new Walk(5000) {
            @Override
            void before(int number) {
                if (number == at) {
                    throw failure;
                }
            }
        };
        try (EntryCursor cursor = new WalkAhead(walk, listener)) {
            for (int i = 0; i < at; i++) {
                assertNext(i, cursor);
            }
            assertSame(failure, assertThrows(IllegalStateException.class, cursor::next));
            assertSame(failure, assertThrows(IllegalStateException.class, cursor::next));
        }
    }

    @Test
    void anErrorIsNoEndOfTheTree() {
        Walk walk = new Walk(5000) {
            @Override
            void before(int number) {
                if (number == 400) {
                    throw new StackOverflowError();
                }
            }
        };
        try (EntryCursor cursor = new WalkAhead(walk, listener)) {
            for (int i = 0; i < 400; i++) {
                assertNext(i, cursor);
            }
            assertThrows(StackOverflowError.class, cursor::next);
        }
    }

    @Test
    void afterClosingNothingIsLookedAt() throws Exception {
        CountDownLatch inFolder = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        Walk walk = new Walk(5000) {
            @Override
            void before(int number) {
                if (number == 700) {
                    inFolder.countDown();
                    try {
                        while (true) { // A folder of more names than anyone has.
                            listener.looked();
                        }
                    } catch (RuntimeException e) {
                        end.set(e);
                        throw e;
                    }
                }
            }
        };
        EntryCursor cursor = new WalkAhead(walk, listener);
        for (int i = 0; i <= WalkAhead.ALONE; i++) {
            assertNext(i, cursor);
        }
        inFolder.await();
        cursor.close();
        assertTrue(end.get() != null, "it is still in the folder");
        assertEquals(700, walk.found.get());
        assertThrows(IllegalStateException.class, () -> {
            while (cursor.next() != null) {}
        });
        cursor.close();
    }

    @Test
    void closingFreesAWalkThatWaitsForRoom() throws Exception {
        CountDownLatch far = new CountDownLatch(1);
        Walk walk = new Walk(1_000_000) {
            @Override
            void before(int number) {
                if (number == WalkAhead.ALONE + WalkAhead.MOST_AHEAD) {
                    far.countDown();
                }
            }
        };
        EntryCursor cursor = new WalkAhead(walk, listener);
        for (int i = 0; i <= WalkAhead.ALONE; i++) {
            assertNext(i, cursor);
        }
        far.await();
        cursor.close();
        int found = walk.found.get();
        assertTrue(found <= WalkAhead.ALONE + WalkAhead.MOST_AHEAD + ON_THE_WAY, found + " were found");
        assertEquals(1, walk.closed.get());
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Walk walk = new Walk(5000) {
            @Override
            void before(int number) {
                if (number == WalkAhead.ALONE) {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        };
        EntryCursor cursor = new WalkAhead(walk, listener);
        for (int i = 0; i < WalkAhead.ALONE; i++) {
            assertNext(i, cursor);
        }
        Thread.currentThread().interrupt();
        assertThrows(BackupCancelledException.class, cursor::next);
        assertTrue(Thread.currentThread().isInterrupted());
        never.countDown();
        cursor.close();
        assertTrue(Thread.interrupted(), "closing has swallowed the interrupt");
        assertEquals(1, walk.closed.get());
    }
}
