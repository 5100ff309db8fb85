package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a service that fails is started again.
 *
 * @param firstDelay the wait after a first failure, more than zero, at most {@link Deadline#LONGEST}
 * @param longestDelay where the doubling of the wait ends, from {@code firstDelay} to {@link Deadline#LONGEST}
 * @param jitter the part by which each wait is made longer or shorter at random, from 0 to less than 1
 * @param failures the failure within the window that enters the hold-down, from 1 to {@value #MOST_FAILURES}
 * @param window the time within which failures count together, both ends included, more than zero
 * @param holdDown how long nothing is started then, more than zero
 * @param stable how long a service has to run without failure until its past is forgotten, more than zero
 */
public record RestartPolicy(
        Duration firstDelay,
        Duration longestDelay,
        double jitter,
        int failures,
        Duration window,
        Duration holdDown,
        Duration stable) {

    /** The most failures that a policy may wait for: each is remembered. */
    public static final int MOST_FAILURES = 1000;

    /** @throws InvalidValueException if a value is out of bounds */
    public RestartPolicy {
        Deadline.checked("firstDelay", firstDelay);
        Deadline.checked("longestDelay", longestDelay);
        if (longestDelay.compareTo(firstDelay) < 0) {
            throw new InvalidValueException(
                    "longestDelay", longestDelay, "at least firstDelay, which is " + firstDelay);
        }
        if (!(jitter >= 0 && jitter < 1)) {
            throw new InvalidValueException("jitter", jitter, "from 0 to less than 1");
        }
        if (failures < 1 || failures > MOST_FAILURES) {
            throw new InvalidValueException("failures", failures, "from 1 to " + MOST_FAILURES);
        }
        positive("window", window);
        positive("holdDown", holdDown);
        positive("stable", stable);
    }

    private static void positive(String parameter, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new InvalidValueException(parameter, time, "more than zero");
        }
    }

    /** One second doubling to 30 s, 20 % more or less; the fifth failure within 10 min holds down for 5 min; 10 stable minutes forget. */
    public static RestartPolicy defaults() {
        return new RestartPolicy(
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                0.2,
                5,
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10));
    }

    /**
     * The wait before the next start. The jitter is laid on the doubled wait after its limit, so with the defaults it is at most 36 s: were the limit
     * last, half of all waits at the top would be exactly 30 s, and services that failed together would come back together.
     *
     * @param streak how many failures in a row, 1 or more
     * @param random where the jitter comes from
     */
    Duration delay(int streak, RandomGenerator random) {
        long first = firstDelay.toNanos();
        long longest = longestDelay.toNanos();
        int doublings = Math.min(streak - 1, Long.SIZE - 2);
        long base = first > longest >> doublings ? longest : first << doublings;
        return Duration.ofNanos(Math.round(base * (1 - jitter + 2 * jitter * random.nextDouble())));
    }
}
