package dev.cairn.backup.core.schedule;

import dev.cairn.backup.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * When one schedule is due. Fixed distances are measured by the monotonic clock: a wall clock that is set back stalls nothing. Not thread-safe.
 */
final class DueTimes {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration POSTPONEMENT = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(15);
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final Recurrence recurrence;
    private final LongUnaryOperator random;
    private final @Nullable CalendarTimes calendar;
    private final Duration jitter;
    private @Nullable Long lastSuccessNanos;
    private @Nullable Long retryNanos;
    private int failures;
    private Instant lastRun;
    private @Nullable Instant delayedFor;
    private Duration delay = Duration.ZERO;

    /** @param lastRun when a schedule by the calendar last ran; for one that never did, the present, since it has missed nothing */
    DueTimes(Recurrence recurrence, Instant lastRun) {
        this(recurrence, lastRun, bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /**
     * The same with other delays.
     *
     * @param random draws a delay, in nanoseconds, from zero to less than what it is given
     */
    DueTimes(Recurrence recurrence, Instant lastRun, LongUnaryOperator random) {
        this.recurrence = recurrence;
        this.lastRun = lastRun;
        this.random = random;
        if (recurrence instanceof Recurrence.Calendar byCalendar) {
            this.calendar = new CalendarTimes(byCalendar);
            this.jitter = byCalendar.jitter();
        } else {
            this.calendar = null;
            this.jitter = Duration.ZERO;
        }
    }

    /** How long until it is to be run; zero or less if it is. */
    Duration until(long nowNanos, Instant now) {
        return retryNanos != null ? Duration.ofNanos(retryNanos - nowNanos) : untilDue(nowNanos, now, nowNanos);
    }

    /** Whether it is to be run now. */
    boolean isDue(long nowNanos, Instant now) {
        Duration wait = until(nowNanos, now);
        return wait.isNegative() || wait.isZero();
    }

    /** How long until it is to be run, but zero if the host's own calendar throws: that is told by the run that is due for it. */
    Duration untilOrNow(long nowNanos, Instant now) {
        try {
            return until(nowNanos, now);
        } catch (RuntimeException e) {
            return Duration.ZERO;
        }
    }

    /**
     * How long until it is due by its recurrence, which no failure puts off.
     *
     * @param firstDueNanos when one at a fixed distance was due that never ran
     */
    Duration untilDue(long nowNanos, Instant now, long firstDueNanos) {
        if (recurrence instanceof Recurrence.Every every) {
            return lastSuccessNanos == null
                    ? Duration.ofNanos(firstDueNanos - nowNanos)
                    : every.interval().minusNanos(nowNanos - lastSuccessNanos);
        }
        return Optional.ofNullable(calendar)
                .flatMap(times -> nextRun(times, now))
                .map(next -> Duration.between(now, next))
                .orElse(NEVER);
    }

    /** A snapshot that covers the schedule's datasets was completed, whatever triggered it. */
    void covered(long nowNanos) {
        if (recurrence instanceof Recurrence.Every) {
            lastSuccessNanos = nowNanos;
            retryNanos = null;
            failures = 0;
        }
    }

    /** The schedule itself ran and succeeded. */
    void succeeded(long nowNanos, Instant now) {
        covered(nowNanos);
        lastRun = now;
        retryNanos = null;
        failures = 0;
    }

    /** It last ran so long ago, by a process that may have ended since. */
    void ranBefore(Duration ago, long nowNanos) {
        lastSuccessNanos = nowNanos - ago.toNanos();
    }

    /** The schedule ran and failed; answers how long until it is tried again. */
    Duration failed(long nowNanos) {
        failures++;
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 20));
        if (wait.compareTo(LONGEST_RETRY) > 0) {
            wait = LONGEST_RETRY;
        }
        if (recurrence instanceof Recurrence.Every every && wait.compareTo(every.interval()) > 0) {
            wait = every.interval();
        }
        retryNanos = nowNanos + wait.toNanos();
        return wait;
    }

    /** The schedule could not run now, through no fault of its own: it is looked at again shortly. */
    void postponed(long nowNanos) {
        retryNanos = nowNanos + POSTPONEMENT.toNanos();
    }

    int failures() {
        return failures;
    }

    /** Empty if it never is due again. */
    private Optional<Instant> nextRun(CalendarTimes times, Instant now) {
        // A last run that lies in the future comes from a clock that has been set back since.
        if (lastRun.isAfter(now)) {
            lastRun = now; // Once, so that time goes on from here.
        }
        return times.after(lastRun).map(this::delayed);
    }

    /** The same delay however often it is asked for. */
    private Instant delayed(Instant meant) {
        if (!meant.equals(delayedFor)) {
            delayedFor = meant;
            delay = Duration.ofNanos(random.applyAsLong(jitter.toNanos() + 1));
        }
        return meant.plus(delay);
    }
}
