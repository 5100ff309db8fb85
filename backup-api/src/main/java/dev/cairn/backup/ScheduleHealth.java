package dev.cairn.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * How a schedule does.
 *
 * @param schedule its name
 * @param lastSuccess when its last snapshot in the repository was taken, in whichever process
 * @param lastFailure what went wrong since its last success, if anything did since the manager was opened
 * @param consecutiveFailures how often it has failed since then
 * @param nextAttempt when it runs next; in the past if it should have
 * @param overdueSince when it was due, if it is late by more than {@link AlertPolicy#overdueAfter}
 */
public record ScheduleHealth(
        String schedule,
        Optional<Instant> lastSuccess,
        Optional<Failure> lastFailure,
        int consecutiveFailures,
        Instant nextAttempt,
        Optional<Instant> overdueSince) {

    /**
     * A run that failed.
     *
     * @param at when
     * @param problem why
     */
    public record Failure(Instant at, String problem) {}
}
