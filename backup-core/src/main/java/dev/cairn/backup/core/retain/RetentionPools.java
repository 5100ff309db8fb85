package dev.cairn.backup.core.retain;

import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import java.util.Map;
import java.util.Optional;

/**
 * Which rule a snapshot is under. Snapshots that share a pool compete for its places, so that a daily rule never takes a manual snapshot.
 *
 * @param shared the rule of a policy, for all that no other schedule took and that are not for safety; empty for rules by origin
 * @param schedules by the schedule that took it
 * @param labels by label, for snapshots without schedule
 * @param manual other manual ones, and those of schedules that are configured no more
 * @param shutdown those taken at shutdown
 * @param safety those taken before a restore
 */
public record RetentionPools(
        Optional<Retention> shared,
        Map<String, Retention> schedules,
        Map<String, Retention> labels,
        Retention manual,
        Retention shutdown,
        Retention safety) {

    /** The schedule name of the snapshots that the engine takes for continuous protection. They compete with no others, whatever the rules. */
    public static final String CONTINUOUS = "continuous";

    /** Copies the maps. */
    public RetentionPools {
        schedules = Map.copyOf(schedules);
        labels = Map.copyOf(labels);
    }

    /**
     * A rule and the name of the pool that it governs.
     *
     * @param name for reasons in reports
     * @param rule what is kept
     */
    public record Pool(String name, Retention rule) {}

    /** The pool of a snapshot. */
    public Pool of(SnapshotMetadata snapshot) {
        if (snapshot.safetyFor().isPresent()) {
            return new Pool("safety", safety);
        }
        Optional<String> label = snapshot.label().filter(labels::containsKey);
        if (label.isPresent() && snapshot.schedule().isEmpty()) {
            return new Pool("label '" + label.get() + "'", labels.getOrDefault(label.get(), manual));
        }
        Optional<String> schedule = snapshot.schedule().filter(schedules::containsKey);
        if (schedule.isPresent()) {
            return new Pool("schedule '" + schedule.get() + "'", schedules.getOrDefault(schedule.get(), manual));
        }
        if (snapshot.schedule().filter(CONTINUOUS::equals).isPresent()) {
            return new Pool(
                    "schedule '" + CONTINUOUS + "'", Retention.keepLast(1)); // Protection has been switched off.
        }
        if (shared.isPresent()) {
            return new Pool("policy", shared.get());
        }
        return snapshot.trigger() == SnapshotTrigger.SHUTDOWN
                ? new Pool("shutdown", shutdown)
                : new Pool("manual", manual);
    }
}
