package dev.cairn.backup.core.schedule;

import dev.cairn.backup.ScheduleHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a schedule stands at this moment.
 *
 * @param schedule its name
 * @param due since when it is due, or when it will be, whatever its retries say
 * @param late for how long it has been due with nobody seeing to it: neither before this process could, nor since a run is under way
 * @param nextAttempt when it runs next
 * @param failures how often it failed since its last success
 * @param lastFailure the last of these
 */
public record ScheduleStanding(
        String schedule,
        Instant due,
        Duration late,
        Instant nextAttempt,
        int failures,
        Optional<ScheduleHealth.Failure> lastFailure) {}
