package dev.cairn.backup.fs.durable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The library's own threads for channel I/O. A {@link java.nio.channels.FileChannel} is closed when a thread that uses it is interrupted (its
 * documentation, "asynchronously closeable and interruptible"), so a host's interrupt would break a write half way. Nobody interrupts these threads.
 */
public final class FileIo {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Unbounded on purpose: a task may wait for another, for example a put whose body is read from a file. Idle threads end. */
    private static final ExecutorService THREADS =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), IoThread::new);

    private FileIo() {}

    /**
     * Runs the action on one of the library's threads and waits for it, whatever interrupts come; the caller's interrupt flag is kept. On such a
     * thread already, it runs at once.
     *
     * @throws IOException what the action threw; unchecked exceptions come through as they are
     */
    public static <T extends @Nullable Object> T call(Action<T> action) throws IOException {
        return call(action, () -> {});
    }

    /**
     * The same for work that is not worth its end to an interrupted caller.
     *
     * @param onInterrupt tells the action; called by the waiting thread at each interrupt, also for one that came before
     */
    public static <T extends @Nullable Object> T call(Action<T> action, Runnable onInterrupt) throws IOException {
        if (Thread.currentThread() instanceof IoThread) {
            return action.run();
        }
        Future<T> result = THREADS.submit(action::run);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    onInterrupt.run();
                } catch (ExecutionException e) {
                    throw rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Runs work beside the caller on one of the library's threads.
     *
     * @param work keeps its failures to itself
     */
    public static void begin(Runnable work) {
        THREADS.execute(work);
    }

    /**
     * Does one thing for each of the numbers 0 to {@code count - 1}, on several of the library's threads at once, and returns when all is done. After a failure
     * nothing new is begun.
     *
     * @param threads how many threads at most, the caller's counted if it is one of the library's
     * @param worker makes what each thread uses for itself
     * @throws IOException the first failure; unchecked exceptions come through as they are
     */
    public static void forEach(int count, int threads, Supplier<IndexedAction> worker) throws IOException {
        call(() -> {
            AtomicInteger next = new AtomicInteger();
            Action<AtomicInteger> work = () -> work(next, count, worker);
            List<Future<AtomicInteger>> others = new ArrayList<>();
            for (int i = 1; i < Math.min(threads, count); i++) {
                others.add(THREADS.submit(work::run));
            }
            Throwable first = null;
            try {
                work.run();
            } catch (IOException | RuntimeException | Error e) {
                first = e;
            }
            for (Future<AtomicInteger> other : others) {
                try {
                    other.get();
                } catch (ExecutionException e) {
                    if (first == null) {
                        first = e.getCause();
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts the library's threads", e);
                }
            }
            if (first != null) {
                throw rethrown(first);
            }
            return next;
        });
    }

    private static AtomicInteger work(AtomicInteger next, int count, Supplier<IndexedAction> worker)
            throws IOException {
        boolean done = false;
        try {
            IndexedAction action = worker.get();
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                action.run(i);
            }
            done = true;
        } finally {
            if (!done) {
                next.set(count);
            }
        }
        return next;
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    /** Work that does I/O. */
    @FunctionalInterface
    public interface Action<T extends @Nullable Object> {

        /** Does the work. */
        T run() throws IOException;
    }

    /** Work that does I/O for one of many things. */
    @FunctionalInterface
    public interface IndexedAction {

        /** Does the work for the thing of that number. */
        void run(int index) throws IOException;
    }

    private static final class IoThread extends Thread {

        IoThread(Runnable work) {
            super(work, "cairn-fs-io-" + NUMBER.incrementAndGet());
            setDaemon(true);
        }
    }
}
