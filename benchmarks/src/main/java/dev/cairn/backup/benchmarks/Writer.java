package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The thread that writes, at a pace or as fast as it can, and measures each of its transactions. */
final class Writer implements AutoCloseable {

    private final Host host;
    private final long intervalNanos;
    private final Thread thread = new Thread(this::run, "writer");
    private volatile boolean stopped;
    private volatile @Nullable Samples into;
    private volatile @Nullable Exception failure;

    private Writer(Host host, int perSecond) {
        this.host = host;
        this.intervalNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** @param perSecond transactions a second, or 0 for as many as possible */
    static Writer start(Host host, int perSecond) {
        Writer writer = new Writer(host, perSecond);
        writer.thread.start();
        return writer;
    }

    /** From now on transactions that begin are measured into that; null for nowhere. */
    void measureInto(@Nullable Samples samples) {
        into = samples;
    }

    private void run() {
        try {
            long next = System.nanoTime();
            while (!stopped) {
                Samples target = into;
                long took = host.transact();
                if (target != null) {
                    target.add(took);
                }
                next = pause(next + intervalNanos);
            }
        } catch (SQLException | IOException | RuntimeException e) {
            failure = e;
        }
    }

    /** Waits for the next slot. A writer that is late starts a new rhythm instead of a burst. */
    private long pause(long due) {
        if (intervalNanos == 0) {
            return due;
        }
        long now = System.nanoTime();
        while (now < due && !stopped) {
            LockSupport.parkNanos(due - now);
            now = System.nanoTime();
        }
        return now - due > intervalNanos ? now : due;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Exception failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the writer failed, so nothing was measured", failed);
        }
    }
}
