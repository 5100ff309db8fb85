package dev.cairn.backup.fs.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileIoTest {

    private static final int MANY = 2_000_000_000;

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 4", "3, 4", "1000, 1", "1000, 4"})
    void eachNumberIsDoneOnceByAtMostSoManyWorkers(int count, int threads) throws Exception {
        AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, count));
        AtomicInteger workers = new AtomicInteger();
        FileIo.forEach(count, threads, () -> {
            workers.incrementAndGet();
            return done::incrementAndGet;
        });
        for (int i = 0; i < count; i++) {
            assertEquals(1, done.get(i));
        }
        assertTrue(workers.get() <= threads, workers + " workers");
    }

    @Test
    void theWorkIsDoneAtOnceAndNeverByTheCallersThread() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        FileIo.forEach(3, 3, () -> index -> {
            threads.add(Thread.currentThread());
            try {
                together.await(5, TimeUnit.MINUTES);
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
        assertEquals(3, threads.size());
        assertTrue(!threads.contains(Thread.currentThread()));
    }

    @Test
    void theFirstFailureComesThroughAndNothingNewIsBegun() {
        IOException failure = new IOException("disk");
        AtomicInteger begun = new AtomicInteger();
        IOException thrown = assertThrows(
                IOException.class,
                // So many that the others are not through before the one that fails has its turn again.
                () -> FileIo.forEach(MANY, 4, () -> index -> {
                    if (begun.incrementAndGet() == 100) {
                        throw failure;
                    }
                }));
        assertSame(failure, thrown);
        assertTrue(begun.get() < MANY, begun + " were begun");
        assertThrows(
                IllegalStateException.class,
                () -> FileIo.forEach(10, 4, () -> {
                    throw new IllegalStateException("no worker");
                }));
    }
}
