package dev.cairn.backup.core.schedule;

import dev.cairn.backup.ScheduleHealth;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this process has seen of one schedule: since when it could have run, whether it runs now, how it failed. Not thread-safe. */
final class Attempts {

    private final long openedNanos;
    private @Nullable Long runningSinceNanos;
    private ScheduleHealth.@Nullable Failure lastFailure;

    Attempts(long openedNanos) {
        this.openedNanos = openedNanos;
    }

    /** A run begins. */
    void began(long nowNanos) {
        runningSinceNanos = nowNanos;
    }

    /** It has ended, one way or the other. */
    void ended() {
        runningSinceNanos = null;
    }

    void failed(ScheduleHealth.Failure failure) {
        lastFailure = failure;
    }

    /** The last failure, if there was no success since. */
    Optional<ScheduleHealth.Failure> lastFailure(int failures) {
        return failures == 0 ? Optional.empty() : Optional.ofNullable(lastFailure);
    }

    /**
     * For how long nobody has seen to what is due.
     *
     * @param until how long until it is due
     */
    Duration late(Duration until, long nowNanos) {
        long from = runningSinceNanos == null ? openedNanos : runningSinceNanos;
        Duration seen = Duration.ofNanos(nowNanos - from);
        Duration late = until.isNegative() ? until.negated() : Duration.ZERO;
        return late.compareTo(seen) < 0 ? late : seen;
    }
}
