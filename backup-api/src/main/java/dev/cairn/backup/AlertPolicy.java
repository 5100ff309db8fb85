package dev.cairn.backup;

import java.time.Duration;

/**
 * When alerts are raised and how often they are repeated. Immutable.
 *
 * @param overdueAfter how late a schedule may be before its absence is told; 5 minutes by default, at least zero. What a host was not up for, and a run that is under way, is late only after this time
 * @param escalateAfter how long an alert of severity {@link AlertSeverity#DEGRADED} stands before it becomes {@link AlertSeverity#ESCALATE}; an hour by default, more than zero
 * @param repeatEvery how often it is told again from then on; every 4 hours by default, more than zero
 */
public record AlertPolicy(Duration overdueAfter, Duration escalateAfter, Duration repeatEvery) {

    /** @throws InvalidValueException if a duration is not allowed */
    public AlertPolicy {
        if (overdueAfter.isNegative()) {
            throw new InvalidValueException("overdueAfter", overdueAfter, "zero or more");
        }
        requirePositive("escalateAfter", escalateAfter);
        requirePositive("repeatEvery", repeatEvery);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidValueException(name, value, "more than zero");
        }
    }

    /** 5 minutes, an hour, 4 hours. */
    public static AlertPolicy defaults() {
        return new AlertPolicy(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(4));
    }

    /** The same with another {@link #overdueAfter}. */
    public AlertPolicy withOverdueAfter(Duration value) {
        return new AlertPolicy(value, escalateAfter, repeatEvery);
    }

    /** The same with another {@link #escalateAfter}. */
    public AlertPolicy withEscalateAfter(Duration value) {
        return new AlertPolicy(overdueAfter, value, repeatEvery);
    }

    /** The same with another {@link #repeatEvery}. */
    public AlertPolicy withRepeatEvery(Duration value) {
        return new AlertPolicy(overdueAfter, escalateAfter, value);
    }
}
