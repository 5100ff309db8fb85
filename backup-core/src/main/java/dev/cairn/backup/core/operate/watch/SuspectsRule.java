package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.BackupAlert;
import dev.cairn.backup.SnapshotId;
import java.util.List;
import java.util.Optional;

/** Finds the snapshots that wait for an operator. */
final class SuspectsRule {

    private SuspectsRule() {}

    static List<Finding> of(List<SnapshotId> suspects) {
        return Optional.of(suspects).filter(found -> !found.isEmpty()).stream()
                .map(found -> new Finding(
                        BackupAlert.Kind.SUSPECTS_WAITING,
                        "repository",
                        "suspect snapshots wait for acknowledgement, and nothing older is removed meanwhile: " + found
                                + "; look whether their data is complete, then call acknowledge(…) or delete(…)"))
                .toList();
    }
}
