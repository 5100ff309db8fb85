package dev.cairn.backup.lifecycle;

import java.time.Duration;

/**
 * How a host lets time pass. On a thread that may sleep it is {@code time -> TimeUnit.NANOSECONDS.sleep(time.toNanos())}; a host that knows when
 * something became ready waits on a condition instead and returns early.
 */
@FunctionalInterface
public interface Waiter {

    /**
     * Waits. May return early, must not return at once for ever: whoever calls it asks again until its time is over.
     *
     * @param atMost how long, more than zero
     * @throws InterruptedException if the calling thread was interrupted
     */
    void await(Duration atMost) throws InterruptedException;
}
