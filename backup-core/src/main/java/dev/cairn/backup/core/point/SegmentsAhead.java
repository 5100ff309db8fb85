package dev.cairn.backup.core.point;

import dev.cairn.backup.core.ship.Segment;
import dev.cairn.backup.core.work.Awaited;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PrimitiveIterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Reads segments on a few threads ahead of the one who takes them in order. No more than {@link #WINDOW} are held at a time, of about 8 MiB of pages each, whatever the length of the log. For
 * one thread.
 */
final class SegmentsAhead implements AutoCloseable {

    /** Those that wait and the one that was handed out last. */
    private static final int WINDOW = 4;

    private final LongFunction<Segment> read;
    private final PrimitiveIterator.OfLong numbers;
    private final Deque<Future<Segment>> waiting = new ArrayDeque<>();
    private final ExecutorService threads;

    SegmentsAhead(LongFunction<Segment> read, PrimitiveIterator.OfLong numbers) {
        this.read = read;
        this.numbers = numbers;
        this.threads = Executors.newFixedThreadPool(
                Math.min(WINDOW - 1, Runtime.getRuntime().availableProcessors()), task -> {
                    Thread thread = new Thread(task, "cairn-log");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * The next one; there must be one. What was handed out before must not be held any more.
     *
     * @throws dev.cairn.backup.BackupException if it cannot be read
     */
    Segment next() {
        while (waiting.size() < WINDOW - 1 && numbers.hasNext()) {
            long number = numbers.nextLong();
            waiting.add(threads.submit(() -> read.apply(number)));
        }
        return Awaited.result(waiting.remove(), "reading a change log");
    }

    /** Drops what was not taken. What is being read ends by itself: it touches nothing but the repository. */
    @Override
    public void close() {
        threads.shutdown();
        waiting.forEach(future -> future.cancel(false));
    }
}
