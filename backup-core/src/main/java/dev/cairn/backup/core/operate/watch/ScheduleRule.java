package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.ScheduleHealth;
import dev.cairn.backup.core.schedule.ScheduleStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Tells a schedule that fails from one of which nothing is heard. A schedule that fails late is not absent: one cause, one alert. */
final class ScheduleRule {

    private ScheduleRule() {}

    /**
     * How a schedule does.
     *
     * @param overdueAfter how late it may be
     */
    static ScheduleHealth health(ScheduleStanding standing, Optional<Instant> lastSuccess, Duration overdueAfter) {
        return new ScheduleHealth(
                standing.schedule(),
                lastSuccess,
                standing.lastFailure(),
                standing.failures(),
                standing.nextAttempt(),
                standing.late().compareTo(overdueAfter) > 0 ? Optional.of(standing.due()) : Optional.empty());
    }

    /** Adds what is found. */
    static void of(ScheduleHealth health, Collection<Finding> found) {
        String schedule = "schedule '" + health.schedule() + "'";
        if (health.consecutiveFailures() > 0) {
            found.add(new Finding(
                    Kind.SCHEDULE_FAILING,
                    health.schedule(),
                    schedule + " has failed " + health.consecutiveFailures() + " times"
                            + health.lastFailure()
                                    .map(last -> ": " + last.problem())
                                    .orElse("")));
        } else if (health.overdueSince().isPresent()) {
            found.add(
                    new Finding(
                            Kind.SCHEDULE_OVERDUE,
                            health.schedule(),
                            schedule + " has been due since "
                                    + health.overdueSince().get()
                                    + " and nothing ran; see whether the host still calls runIfDue(), or what the snapshot that is under way waits for"));
        }
    }
}
