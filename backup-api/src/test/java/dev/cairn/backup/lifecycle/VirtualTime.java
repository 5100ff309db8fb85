package dev.cairn.backup.lifecycle;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that passes only when somebody waits. Begins just below the overflow of a long, as {@link System#nanoTime} may. */
final class VirtualTime implements LongSupplier, Waiter {

    /** Thrown by an action to say that it would never return. */
    static final class Hang extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public void await(Duration atMost) {
        if (atMost.isNegative() || atMost.isZero()) {
            throw new IllegalArgumentException("waits " + atMost + " for ever");
        }
        pass(atMost);
    }

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    /** Gives up an action that hangs when its time is over, like a runner on an executor. One that takes too long is given up too. */
    ActionRunner givingUp() {
        return (action, atMost) -> {
            long begin = nanos;
            boolean hangs = false;
            try {
                action.run();
            } catch (Hang e) {
                hangs = true;
            }
            if (hangs || nanos - begin > atMost.toNanos()) {
                nanos = begin + atMost.toNanos();
                return false;
            }
            return true;
        };
    }
}
