package dev.cairn.backup.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A monotonic nanosecond counter that a test moves, in place of {@link System#nanoTime}. Thread-safe. */
public final class SettableTicker implements LongSupplier {

    private final AtomicLong nanos;

    private SettableTicker(long start) {
        nanos = new AtomicLong(start);
    }

    /** A ticker that starts just below the overflow of a long, as {@link System#nanoTime} may: only differences mean anything. */
    public static SettableTicker create() {
        return new SettableTicker(Long.MAX_VALUE - Duration.ofMinutes(1).toNanos());
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    /**
     * Moves on.
     *
     * @param by how far, zero or more: a monotonic counter never goes back
     * @return the new value
     */
    public long advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a ticker never goes back, by is " + by);
        }
        return nanos.addAndGet(by.toNanos());
    }
}
