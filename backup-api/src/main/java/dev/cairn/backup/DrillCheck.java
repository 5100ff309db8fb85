package dev.cairn.backup;

import java.time.Duration;

/**
 * A question of the host to what a drill has restored, such as "does a search find what it must" or "does the service start on it". A check that answers false, throws, is not done in its time, or is
 * never asked because something before it failed, fails the drill.
 *
 * @param name the question, for reports: 1 to 64 characters of {@code a-z 0-9 _ -}
 * @param timeout how long it may take, more than zero
 * @param test asks it
 */
public record DrillCheck(String name, Duration timeout, Test test) {

    /** The question itself. */
    @FunctionalInterface
    public interface Test {

        /**
         * Whether what was restored is as it should be. Runs on a thread of its own, which is interrupted when the time is over; on the caller's where the manager has no threads.
         *
         * @throws Exception if that cannot be told, which counts as no
         */
        boolean passes(DrillPlace place) throws Exception;
    }

    /** @throws InvalidValueException if the name is not allowed or the timeout not positive */
    public DrillCheck {
        if (!name.matches("[a-z0-9_-]{1,64}")) {
            throw new InvalidValueException("name of a drill's check", name, "1 to 64 characters of a-z 0-9 _ -");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidValueException("timeout of check '" + name + "'", timeout, "more than zero");
        }
    }
}
