package dev.cairn.backup.core.schedule;

import dev.cairn.backup.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/**
 * When one schedule is due. Fixed distances are measured by the monotonic clock: a wall clock that is set back stalls nothing. Not thread-safe.
 */
final class DueTimes {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration POSTPONEMENT = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(15);

    private final Recurrence recurrence;
    private @Nullable Long lastSuccessNanos;
    private @Nullable Long retryNanos;
    private int failures;
    private Instant lastRun;

    /**
     * @param lastRun when a daily schedule last ran; for one that never did, the present, since it has missed nothing
     */
    DueTimes(Recurrence recurrence, Instant lastRun) {
        this.recurrence = recurrence;
        this.lastRun = lastRun;
    }

    /** How long until it is due; zero or less if it is. */
    Duration until(long nowNanos, Instant now) {
        if (retryNanos != null) {
            return Duration.ofNanos(retryNanos - nowNanos);
        }
        if (recurrence instanceof Recurrence.Every every) {
            return lastSuccessNanos == null ? Duration.ZERO : every.interval().minusNanos(nowNanos - lastSuccessNanos);
        }
        return Duration.between(now, nextDaily((Recurrence.Daily) recurrence, now));
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

    private Instant nextDaily(Recurrence.Daily daily, Instant now) {
        // A last run that lies in the future comes from a clock that has been set back since.
        if (lastRun.isAfter(now)) {
            lastRun = now; // Once, so that time goes on from here.
        }
        Instant last = lastRun;
        LocalDate day = last.atZone(daily.zone()).toLocalDate();
        Instant next = at(daily, day);
        return next.isAfter(last) ? next : at(daily, day.plusDays(1));
    }

    private static Instant at(Recurrence.Daily daily, LocalDate day) {
        LocalDateTime local = day.atTime(daily.time());
        ZoneOffsetTransition transition = daily.zone().getRules().getTransition(local);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                : ZonedDateTime.of(local, daily.zone()).toInstant();
    }
}
