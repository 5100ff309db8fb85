package dev.cairn.backup.core.restore;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.LiveTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What restores need beside the live data, volume by volume: datasets that each fit alone may not fit together. */
final class SpaceNeeded {

    private SpaceNeeded() {}

    /** For those datasets that can tell where they write. */
    static List<RestorePlan.Space> of(Collection<Dataset> targets, List<DatasetPlan> plans) {
        Map<String, List<String>> datasets = new LinkedHashMap<>();
        Map<String, Long> content = new LinkedHashMap<>();
        Map<String, LiveTarget> volumes = new LinkedHashMap<>();
        for (Dataset target : targets) {
            target.liveTarget().ifPresent(live -> {
                String known = live.location().volume();
                String volume = known.isEmpty() ? live.location().place().toString() : known;
                datasets.computeIfAbsent(volume, any -> new ArrayList<>()).add(target.name());
                content.merge(volume, bytes(target, plans), Long::sum);
                volumes.merge(volume, live, SpaceNeeded::narrower);
            });
        }
        return datasets.entrySet().stream()
                .map(each -> space(each.getKey(), each.getValue(), content, volumes))
                .toList();
    }

    private static RestorePlan.Space space(
            String volume, List<String> names, Map<String, Long> content, Map<String, LiveTarget> volumes) {
        LiveTarget live = volumes.get(volume);
        long bytes = content.getOrDefault(volume, 0L);
        return live == null
                ? new RestorePlan.Space(volume, names, bytes, bytes)
                : new RestorePlan.Space(volume, names, bytes + live.spareBytes(), live.freeBytes());
    }

    private static long bytes(Dataset target, List<DatasetPlan> plans) {
        return plans.stream()
                .filter(plan -> plan.dataset().equals(target.name()))
                .mapToLong(DatasetPlan::bytes)
                .sum();
    }

    private static LiveTarget narrower(LiveTarget a, LiveTarget b) {
        return new LiveTarget(
                a.location(),
                a.shape(),
                Math.min(a.freeBytes(), b.freeBytes()),
                Math.max(a.spareBytes(), b.spareBytes()));
    }

    static String describe(RestorePlan.Space space) {
        return space.datasets() + " need " + space.needed() + " bytes on volume " + space.volume() + ", which has "
                + space.free() + " free";
    }

    /** @throws RestoreRefusedException if it does not fit */
    static void require(SnapshotId target, List<RestorePlan.Space> spaces) {
        List<String> lacking = spaces.stream()
                .filter(space -> !space.fits())
                .map(SpaceNeeded::describe)
                .toList();
        if (!lacking.isEmpty()) {
            throw new RestoreRefusedException(
                    target,
                    "Restoring '" + target + "' does not fit beside the live data: " + String.join("; ", lacking),
                    "Free some space, prune() to remove old trash, or restore fewer datasets or paths; then plan again",
                    null);
        }
    }
}
