package dev.cairn.backup.core.audit;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditOutcome;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.Incident;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.Operation;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.core.keys.KeySlot;
import java.util.Collection;
import java.util.List;

/** What operations answer as audit lines; damage that was found is a failure of what was to find none. */
final class ResultLines {

    private ResultLines() {}

    /** Whether anything came of it. */
    static boolean changed(Object result) {
        if (result instanceof SweepReport sweep) {
            return sweep.packsRemoved() > 0;
        }
        return !(result instanceof Collection<?> many) || !many.isEmpty();
    }

    /** The line with what the result tells. */
    static AuditEvent of(AuditEvent line, Object result) {
        if (result instanceof Integer count) {
            return line.detail("count", count.toString());
        } else if (result instanceof Collection<?> many) {
            return line.detail("count", Integer.toString(many.size()));
        } else if (result instanceof RestorePlan plan) {
            return line.detail("verdict", plan.verdict().toString());
        } else if (result instanceof SweepReport sweep) {
            return line.detail("packsRemoved", Long.toString(sweep.packsRemoved()))
                    .detail("bytesFreed", Long.toString(sweep.bytesFreed()))
                    .detail("packsWaiting", Long.toString(sweep.packsWaiting()));
        } else if (result instanceof RepositoryReport report) {
            return checked(line, report);
        } else if (result instanceof RepairReport repair) {
            return checked(line, repair.found())
                    .detail("actions", Integer.toString(repair.actions().size()));
        } else if (result instanceof LogVerification log) {
            AuditEvent read = line.detail("segments", Long.toString(log.segments()));
            return log.passed() ? read : damaged(read, log.problems(), Incident.VERIFY_FAILED);
        } else if (result instanceof ChainVerification chain) {
            return checked(line, chain);
        } else if (result instanceof Receipt receipt) {
            return line.detail("receipt", Long.toString(receipt.number()))
                    .detail("signatures", Integer.toString(receipt.signatures().size()));
        } else if (result instanceof KeySlot slot) {
            return new AuditEvent(
                            line.at(),
                            line.actor(),
                            line.action(),
                            slot.id(),
                            line.outcome(),
                            line.details(),
                            line.incident())
                    .detail("type", slot.type())
                    .detail("label", slot.label());
        }
        return line;
    }

    /** A repair that ran has done its work, whatever it found; a check is there to find nothing. */
    private static AuditEvent checked(AuditEvent line, RepositoryReport report) {
        AuditEvent read = line.detail("depth", report.depth().name())
                .detail("problems", Integer.toString(report.problems().size()))
                .detail("snapshotsDamaged", Integer.toString(report.lost().size()));
        return report.passed() || !line.action().equals(Operation.CHECK)
                ? read
                : damaged(read, report.problems(), Incident.VERIFY_FAILED);
    }

    /** What an acknowledgement leaves broken is no failure of it. */
    private static AuditEvent checked(AuditEvent line, ChainVerification chain) {
        AuditEvent read = line.detail("checked", Long.toString(chain.checked()))
                .detail("removed", Long.toString(chain.removed()))
                .detail("breaks", Integer.toString(chain.breaks().size()));
        return chain.intact() || line.action().equals(Operation.ACKNOWLEDGE_BREAK)
                ? read
                : damaged(read, List.of(chain.describe()), Incident.CHAIN_BROKEN);
    }

    private static AuditEvent damaged(AuditEvent line, List<String> problems, String incident) {
        return new AuditEvent(
                        line.at(),
                        line.actor(),
                        line.action(),
                        line.target(),
                        AuditOutcome.FAILED,
                        line.details(),
                        line.incident())
                .detail("problem", String.join("; ", problems))
                .incident(incident, AlertSeverity.ESCALATE);
    }
}
