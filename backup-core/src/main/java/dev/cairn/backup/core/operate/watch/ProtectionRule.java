package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.BackupAlert;
import dev.cairn.backup.ProtectionStatus;
import java.util.Collection;

/** Finds datasets whose transactions are lost if the disk is. That they wait on the local disk is told by events, and mends itself. */
final class ProtectionRule {

    private ProtectionRule() {}

    /** Adds what is found. */
    static void of(ProtectionStatus status, Collection<Finding> found) {
        if (status.state() == ProtectionStatus.State.INTERRUPTED) {
            found.add(new Finding(
                    BackupAlert.Kind.PROTECTION_INTERRUPTED,
                    status.dataset(),
                    "transactions of dataset '" + status.dataset() + "' are not kept"
                            + status.problem().map(problem -> ": " + problem).orElse("")));
        }
    }
}
