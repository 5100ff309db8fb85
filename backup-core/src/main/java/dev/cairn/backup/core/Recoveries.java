package dev.cairn.backup.core;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.audit.AuditTrail;
import java.util.Map;
import java.util.function.Supplier;

/** What a recovery did as audit lines: which restores were pending is known only when it has ended. */
final class Recoveries {

    private Recoveries() {}

    static RecoveryReport audited(AuditTrail trail, Supplier<RecoveryReport> recovery) {
        RecoveryReport report;
        try {
            report = recovery.get();
        } catch (RuntimeException e) {
            String target = e instanceof BackupException known
                    ? known.snapshot().map(SnapshotId::value).orElse("")
                    : "";
            trail.failed(trail.host(), Operation.of(Operation.RECOVER, target), e);
            throw e;
        }
        report.restores().forEach(restore -> tell(trail, restore));
        return report;
    }

    private static void tell(AuditTrail trail, RecoveryReport.Recovered restore) {
        Operation recovered = Operation.of(Operation.RECOVER, restore.target().value());
        Map<String, String> said = Map.of(
                "restore", restore.restoreId(), "ended", restore.outcome().name());
        trail.hostCall(recovered, said, () -> restore);
    }
}
