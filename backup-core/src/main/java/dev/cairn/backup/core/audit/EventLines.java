package dev.cairn.backup.core.audit;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.Incident;
import dev.cairn.backup.Operation;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import java.util.List;
import java.util.Optional;

/** What the manager's events are as audit lines. Immutable. */
final class EventLines {

    /** The end of the action of a line that tells a beginning. */
    static final String START = ".start";

    private final String actor;
    private final String restoring;
    private final boolean named;

    private EventLines(OpenCall call) {
        this.actor = call.actor();
        this.restoring = call.restoring();
        this.named = call.named();
    }

    /** The actor of what a schedule does. */
    static String schedule(String name) {
        return "schedule:" + name;
    }

    /** Whether it tells of what a schedule does. */
    static boolean isBySchedule(BackupEvent event) {
        return event instanceof BackupEvent.SnapshotCompleted done
                        && done.report().metadata().schedule().isPresent()
                || event instanceof BackupEvent.SnapshotFailed failed
                        && failed.schedule().isPresent();
    }

    /** The lines of an event in a call; none for what changes nothing and is told again by its end. */
    static List<AuditEvent> of(BackupEvent event, OpenCall call) {
        return new EventLines(call).of(event);
    }

    private List<AuditEvent> of(BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotStarted
                || event instanceof BackupEvent.HealthChanged
                || event instanceof BackupEvent.DrillStarted) {
            return List.of();
        }
        if (event instanceof BackupEvent.SnapshotsPruned pruned) {
            return pruned.removed().stream()
                    .map(decision -> removed(pruned, decision))
                    .toList();
        }
        return List.of(line(event));
    }

    private AuditEvent line(BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotCompleted done) {
            return completed(done);
        } else if (event instanceof BackupEvent.SnapshotFailed failed) {
            return failed(failed);
        } else if (event instanceof BackupEvent.VerificationFinished finished) {
            return verified(finished);
        } else if (event instanceof BackupEvent.RestoreStarted started) {
            return started(started);
        } else if (event instanceof BackupEvent.RestoreCompleted done) {
            return restored(done);
        } else if (event instanceof BackupEvent.RestoreRefused refused) {
            return refused(refused);
        } else if (event instanceof BackupEvent.RestoreFailed failed) {
            return failed(failed);
        } else if (event instanceof BackupEvent.ChainBroken broken) {
            return broken(broken);
        } else if (event instanceof BackupEvent.DrillFinished finished) {
            return drilled(finished);
        } else if (event instanceof BackupEvent.ShutdownFinished finished) {
            return shutDown(finished);
        }
        return unknown(event);
    }

    private AuditEvent completed(BackupEvent.SnapshotCompleted done) {
        SnapshotMetadata metadata = done.report().metadata();
        AuditEvent line = AuditEvent.allowed(
                        done.at(),
                        caller(metadata.schedule()),
                        Operation.CREATE,
                        metadata.id().value())
                .detail("trigger", metadata.trigger().name())
                .detail("sequence", Long.toString(metadata.sequence()))
                .detail("bytes", Long.toString(metadata.sizeBytes()));
        AuditEvent whole = metadata.safetyFor()
                .map(target -> line.detail("safetyFor", target.value()))
                .orElse(line);
        return done.report().suspicions().isEmpty()
                ? whole
                : whole.detail("suspect", String.join("; ", done.report().suspicions()));
    }

    private AuditEvent failed(BackupEvent.SnapshotFailed failed) {
        return AuditEvent.failed(
                        failed.at(),
                        caller(failed.schedule()),
                        Operation.CREATE,
                        failed.schedule().orElse(""))
                .detail("trigger", failed.trigger().name())
                .detail("problem", failed.problem())
                .detail("consecutiveFailures", Integer.toString(failed.consecutiveFailures()))
                .incident(Incident.CREATE_FAILED, AlertSeverity.ESCALATE);
    }

    private AuditEvent removed(BackupEvent.SnapshotsPruned pruned, RetentionDecision decision) {
        return AuditEvent.allowed(
                        pruned.at(),
                        actor,
                        "snapshot.prune",
                        decision.snapshot().value())
                .detail("reasons", String.join("; ", decision.reasons()));
    }

    private AuditEvent verified(BackupEvent.VerificationFinished finished) {
        String target = finished.report().snapshot().value();
        if (finished.report().passed()) {
            return AuditEvent.allowed(finished.at(), actor, Operation.VERIFY, target)
                    .detail("entries", Long.toString(finished.report().entries()))
                    .detail("bytes", Long.toString(finished.report().bytes()));
        }
        return AuditEvent.failed(finished.at(), actor, Operation.VERIFY, target)
                .detail("problem", String.join("; ", finished.report().problems()))
                .incident(Incident.VERIFY_FAILED, AlertSeverity.ESCALATE);
    }

    private AuditEvent started(BackupEvent.RestoreStarted started) {
        AuditEvent line = AuditEvent.allowed(
                        started.at(),
                        approver(started.approval()),
                        restoring + START,
                        started.target().value())
                .detail("verdict", started.verdict().toString());
        return started.approval()
                .map(approval -> line.detail("approvedBy", approval.operator()).detail("approval", approval.reason()))
                .orElse(line);
    }

    private AuditEvent restored(BackupEvent.RestoreCompleted done) {
        AuditEvent line = AuditEvent.allowed(
                        done.at(),
                        approver(done.report().approval()),
                        restoring,
                        done.report().snapshot().id().value())
                .detail("restore", done.report().restoreId())
                .detail("datasets", String.join(", ", done.report().datasets()))
                .detail("epoch", done.report().epoch().toString())
                .detail("milliseconds", Long.toString(done.report().elapsed().toMillis()));
        return done.report()
                .safetySnapshot()
                .map(SnapshotId::value)
                .map(safety -> line.detail("safetySnapshot", safety))
                .orElse(line);
    }

    private AuditEvent refused(BackupEvent.RestoreRefused refused) {
        AuditEvent line = AuditEvent.denied(
                        refused.at(), actor, restoring, refused.target().value())
                .detail("problem", refused.problem());
        boolean ahead = refused.verdict()
                .filter(RestoreVerdict.VersionAhead.class::isInstance)
                .isPresent();
        return ahead ? line.incident(Incident.VERSION_AHEAD, AlertSeverity.ESCALATE) : line;
    }

    private AuditEvent failed(BackupEvent.RestoreFailed failed) {
        return AuditEvent.failed(failed.at(), actor, restoring, failed.target().value())
                .detail("problem", failed.problem())
                .detail("rolledBack", Boolean.toString(failed.rolledBack()))
                .incident(Incident.RESTORE_FAILED, AlertSeverity.ESCALATE);
    }

    private AuditEvent broken(BackupEvent.ChainBroken broken) {
        AuditEvent line = AuditEvent.allowed(broken.at(), actor, Operation.VERIFY_CHAIN, Operation.REPOSITORY);
        return ResultLines.of(line, broken.verification());
    }

    private AuditEvent drilled(BackupEvent.DrillFinished finished) {
        DrillReport report = finished.report();
        String target = report.snapshot().map(SnapshotId::value).orElse("");
        AuditEvent line = report.passed()
                ? AuditEvent.allowed(finished.at(), actor, Operation.DRILL, target)
                : AuditEvent.failed(finished.at(), actor, Operation.DRILL, target)
                        .detail("problem", String.join("; ", report.problems()))
                        .incident(Incident.DRILL_FAILED, AlertSeverity.ESCALATE);
        return line.detail("drill", report.id())
                .detail("rtoMilliseconds", Long.toString(report.rtoActual().toMillis()))
                .detail("controlled", Boolean.toString(report.controlled()));
    }

    private AuditEvent shutDown(BackupEvent.ShutdownFinished finished) {
        ShutdownReport report = finished.report();
        String target = report.snapshot().map(SnapshotId::value).orElse("");
        AuditEvent line = report.outcome() == ShutdownReport.Outcome.FAILED
                ? AuditEvent.failed(finished.at(), actor, "manager.shutdown", target)
                : AuditEvent.allowed(finished.at(), actor, "manager.shutdown", target);
        return line.detail("snapshot", report.outcome().name())
                .detail("trigger", SnapshotTrigger.SHUTDOWN.name())
                .detail("detail", report.detail());
    }

    /** A kind that a later release of the API has added. */
    private AuditEvent unknown(BackupEvent event) {
        return AuditEvent.allowed(event.at(), actor, "event." + event.getClass().getSimpleName(), "")
                .detail("severity", event.severity().name())
                .detail("description", event.describe());
    }

    private String caller(Optional<String> schedule) {
        return schedule.map(EventLines::schedule).orElse(actor);
    }

    /** Whoever approved it, unless the caller is known: then the operator's name is what the caller says; so it is if it is one of the engine's. */
    private String approver(Optional<RestoreRequest.Approval> approval) {
        return approval.filter(by -> !named)
                .map(RestoreRequest.Approval::operator)
                .filter(operator -> !operator.equals(AuditTrail.ENGINE) && !operator.startsWith(schedule("")))
                .orElse(actor);
    }
}
