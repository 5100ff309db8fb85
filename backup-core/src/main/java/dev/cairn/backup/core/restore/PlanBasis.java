package dev.cairn.backup.core.restore;

import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Mark;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the answers of a plan rest on. Cheap to look at again: one epoch, the marks of one snapshot, a few system calls for each target.
 *
 * <p>What is written to live data between plan and restore is not in it. A busy host writes all the time and would never get to restore; and all that it wrote is in the safety snapshot and in the
 * trash. Nor are the verdict and free space, which are judged anew by themselves, and pins, which change no answer.
 */
final class PlanBasis {

    private static final String EPOCH = "the timeline epoch";
    private static final String MARKS = "the marks of the snapshot";
    private static final Set<Mark.Kind> JUDGING =
            Set.of(Mark.Kind.SUSPECT, Mark.Kind.ABANDONED, Mark.Kind.ACKNOWLEDGED);

    private PlanBasis() {}

    /** How it is now. */
    static Map<String, String> of(TimelineEpoch epoch, List<Mark> marks, Collection<Dataset> targets) {
        Map<String, String> basis = new TreeMap<>();
        basis.put(EPOCH, Long.toString(epoch.number()));
        basis.put(
                MARKS,
                marks.stream()
                        .filter(mark -> JUDGING.contains(mark.kind()))
                        .map(mark -> mark.kind() + " by " + mark.holder())
                        .sorted()
                        .collect(Collectors.joining(", ", "[", "]")));
        for (Dataset target : targets) {
            basis.put(
                    "the target of dataset '" + target.name() + "'",
                    target.liveTarget()
                            .map(live -> live.shape() + " at " + live.location().place() + " on "
                                    + live.location().volume())
                            .orElse("not looked at"));
        }
        return basis;
    }

    /** @throws RestoreRefusedException if anything is not as it was when the plan was made */
    static void requireSame(RestorePlan plan, Map<String, String> now) {
        List<String> changed = now.entrySet().stream()
                .filter(fact -> !fact.getValue().equals(plan.basis().get(fact.getKey())))
                .map(fact -> fact.getKey() + " was " + plan.basis().getOrDefault(fact.getKey(), "not looked at")
                        + " and is " + fact.getValue())
                .toList();
        if (!changed.isEmpty()) {
            throw new RestoreRefusedException(
                    plan.snapshot().id(),
                    "The plan to restore '" + plan.snapshot().id() + "' is stale: " + String.join("; ", changed),
                    "Plan again and look at what has become of it",
                    null);
        }
    }
}
