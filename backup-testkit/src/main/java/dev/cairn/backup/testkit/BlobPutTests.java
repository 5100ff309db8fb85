package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link BlobStore#putIfAbsent} promises. */
abstract class BlobPutTests extends BlobStoreSubject {

    private static final String ALL_OR_NOTHING = "putIfAbsent: \"after a failure the blob is absent or complete\"";
    private static final String FLAG_KEPT = "\"An interrupted thread keeps its flag\"";

    @Test
    void aBlobThatWasPutIsReadBack() throws Exception {
        BlobStore store = store();
        byte[] bytes = noise(1, 10_000);
        put(store, "folder/blob", bytes);
        assertHolds(store, "folder/blob", bytes, "putIfAbsent: \"stores a blob\"");
    }

    @Test
    void anEmptyBlobIsABlob() throws Exception {
        BlobStore store = store();
        put(store, "empty", new byte[0]);
        assertHolds(store, "empty", new byte[0], "putIfAbsent: \"stores a blob\", also of no bytes");
        assertEquals(1, store.list("").size(), "list: \"all blobs\", also one of no bytes");
        assertEquals(PutOutcome.EXISTS, store.putIfAbsent(name("empty"), BlobContent.of("other")));
    }

    @Test
    void aBlobOfNineMebibytesIsReadBack() throws Exception {
        BlobStore store = store();
        byte[] bytes = noise(2, 9 << 20);
        put(store, "large", bytes);
        assertHolds(store, "large", bytes, "putIfAbsent: \"stores a blob\" of any size");
    }

    @Test
    void contentThatComesInSmallPiecesIsStoredWhole() throws Exception {
        BlobStore store = store();
        byte[] bytes = noise(3, 3_000);
        BlobContent trickle = () -> new PieceStream(bytes, 7, left -> {});
        assertEquals(PutOutcome.CREATED, store.putIfAbsent(name("trickle"), trickle));
        assertHolds(store, "trickle", bytes, "putIfAbsent: a short read is not the end of the content");
    }

    @Test
    void aSecondPutOfANameChangesNothing() throws Exception {
        BlobStore store = store();
        put(store, "a/b", noise(4, 100));
        assertEquals(
                PutOutcome.EXISTS,
                store.putIfAbsent(name("a/b"), BlobContent.of(noise(5, 50))),
                "putIfAbsent: EXISTS means \"a blob of that name was there before\"");
        assertHolds(store, "a/b", noise(4, 100), "putIfAbsent: \"a blob that was there before is never changed\"");
    }

    @Test
    void ofManyThreadsExactlyOneCreatesTheBlob() throws Exception {
        BlobStore store = store();
        assertOneWinner(List.of(store), store);
    }

    @Test
    void ofManyStoreObjectsExactlyOneCreatesTheBlob() throws Exception {
        BlobStore store = store();
        assumeTrue(!store.singleWriter(), "the store declares that only one process writes");
        Optional<BlobStore> second = second(store);
        assumeTrue(second.isPresent(), "the store cannot be opened twice");
        assertOneWinner(List.of(store, second.get()), store);
    }

    private static void assertOneWinner(List<BlobStore> writers, BlobStore reader) throws Exception {
        for (int round = 0; round < 10; round++) {
            String name = "race/" + round;
            List<PutOutcome> outcomes = InParallel.run(
                    8,
                    thread -> () -> writers.get(thread % writers.size())
                            .putIfAbsent(name(name), BlobContent.of(noise(thread, 20_000))));
            assertEquals(
                    1,
                    Collections.frequency(outcomes, PutOutcome.CREATED),
                    () -> "putIfAbsent: \"of any number of concurrent calls for one name exactly one creates it\": "
                            + outcomes);
            assertHolds(
                    reader,
                    name,
                    noise(outcomes.indexOf(PutOutcome.CREATED), 20_000),
                    "putIfAbsent: the content is that of the call which answered CREATED");
        }
    }

    @Test
    void contentThatFailsHalfWayLeavesNothing() throws Exception {
        BlobStore store = store();
        IOException failure = new IOException("the source is gone");
        StoreException thrown = assertThrows(
                StoreException.class,
                () -> store.putIfAbsent(name("x/half"), failingWith(failure)),
                "\"the exception that the caller's own content threw, wrapped in a StoreException\"");
        assertSame(failure, rootCause(thrown), "the wrapped exception is the one that the content threw");
        assertAbsent(store, "x/half", ALL_OR_NOTHING);
        put(store, "x/half", noise(6, 100));
        assertHolds(store, "x/half", noise(6, 100), ALL_OR_NOTHING + ", and the name is still free");
    }

    @Test
    void contentThatFailsWithATypedErrorHandsItOn() throws Exception {
        BlobStore store = store();
        BackupException failure = new InvalidValueException("content", "x", "anything else");
        assertSame(
                failure,
                assertThrows(BackupException.class, () -> store.putIfAbsent(name("typed"), failingWith(failure))),
                "\"wrapped in a StoreException unless it is a BackupException already\"");
        assertAbsent(store, "typed", ALL_OR_NOTHING);
    }

    @Test
    void contentThatFailsWithAnyRuntimeExceptionIsWrapped() throws Exception {
        BlobStore store = store();
        RuntimeException failure = new IllegalStateException("a host's own trouble");
        StoreException thrown = assertThrows(
                StoreException.class,
                () -> store.putIfAbsent(name("runtime"), failingWith(failure)),
                "\"the exception that the caller's own content threw, wrapped in a StoreException\"");
        assertSame(failure, rootCause(thrown), "the wrapped exception is the one that the content threw");
        assertAbsent(store, "runtime", ALL_OR_NOTHING);
    }

    @Test
    void contentThatCannotBeOpenedLeavesNothing() throws Exception {
        BlobStore store = store();
        assertThrows(
                StoreException.class,
                () -> store.putIfAbsent(name("shut"), () -> {
                    throw new IOException("cannot open");
                }));
        assertAbsent(store, "shut", ALL_OR_NOTHING);
    }

    @Test
    void aBlobIsNotSeenBeforeItIsWhole() throws Exception {
        BlobStore store = store();
        CountDownLatch halfRead = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        byte[] bytes = noise(7, 300_000);
        BlobContent slow = () -> new PieceStream(bytes, 8192, left -> {
            if (left < bytes.length / 2) {
                halfRead.countDown();
                awaitQuietly(goOn);
            }
        });
        List<PutOutcome> outcome = InParallel.run(2, thread -> () -> {
            if (thread == 0) {
                return store.putIfAbsent(name("slow/blob"), slow);
            }
            try {
                assertTrue(halfRead.await(2, TimeUnit.MINUTES), "the store reads the content");
                assertAbsent(store, "slow/blob", "putIfAbsent: \"a name is never seen with a part of its content\"");
                assertFalse(
                        store.children("slow").contains("blob"),
                        "putIfAbsent: \"a name is never seen with a part of its content\": children");
            } finally {
                goOn.countDown();
            }
            return PutOutcome.EXISTS;
        });
        assertEquals(PutOutcome.CREATED, outcome.get(0));
        assertHolds(store, "slow/blob", bytes, "putIfAbsent: \"stores a blob\"");
    }

    @Test
    void anInterruptedThreadKeepsItsFlagAndHarmsNothing() throws Exception {
        BlobStore store = store();
        put(store, "before", noise(8, 1_000));
        assertArrayEquals(new byte[0], store.readRange(name("before"), 0, 0));
        boolean created = whileInterrupted(
                () -> store.putIfAbsent(name("during"), BlobContent.of(noise(9, 100_000))) == PutOutcome.CREATED);
        assertCompleteOrAbsent(store, "during", noise(9, 100_000), created);
        whileInterrupted(() -> bytes(store, name("before")).length == 1_000);
        whileInterrupted(() -> store.list("").isEmpty());
        whileInterrupted(() -> store.delete(name("nothing")));
        assertHolds(store, "before", noise(8, 1_000), "an interrupt harms no blob");
        put(store, "after", noise(10, 1_000));
        assertHolds(store, "after", noise(10, 1_000), "the store works after an interrupt");
    }

    @Test
    void anInterruptInTheMiddleOfAPutKeepsTheFlag() throws Exception {
        BlobStore store = store();
        byte[] bytes = noise(11, 200_000);
        Thread caller = Thread.currentThread();
        // The store may read the content on a thread of its own; it is the caller who is interrupted.
        BlobContent interrupting = () -> new PieceStream(bytes, 8192, left -> caller.interrupt());
        boolean created = whileInterrupted(() -> store.putIfAbsent(name("mid"), interrupting) == PutOutcome.CREATED);
        assertCompleteOrAbsent(store, "mid", bytes, created);
        put(store, "next", bytes);
    }

    private static void assertCompleteOrAbsent(BlobStore store, String name, byte[] bytes, boolean created)
            throws IOException {
        if (created) {
            assertHolds(store, name, bytes, "putIfAbsent: CREATED means \"the blob is in the store\"");
        } else if (store.stat(name(name)).isPresent()) {
            assertHolds(store, name, bytes, ALL_OR_NOTHING);
        }
    }

    /** Runs the step with the flag set, lets it fail with a typed error, and checks that the flag is still set. */
    private static boolean whileInterrupted(Callable<Boolean> step) throws Exception {
        boolean result = false;
        Thread.currentThread().interrupt();
        try {
            result = step.call();
        } catch (BackupException | IOException allowed) {
            // To give up is allowed; to lose the flag or the data is not.
        } finally {
            assertTrue(Thread.interrupted(), FLAG_KEPT);
        }
        return result;
    }

    private static BlobContent failingWith(Exception failure) {
        InputStream tail = new InputStream() {
            @Override
            public int read() throws IOException {
                if (failure instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                throw (IOException) failure;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        return () -> new SequenceInputStream(new ByteArrayInputStream(noise(12, 150_000)), tail);
    }

    private static Throwable rootCause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(2, TimeUnit.MINUTES), "the other thread of the test goes on");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
