package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Something that happened, for listeners. New kinds may be added in minor releases: a switch over them needs a default. */
public interface BackupEvent {

    /** When, by the wall clock. */
    Instant at();

    /** How loud it is. */
    AlertSeverity severity();

    /** One sentence for people. */
    String describe();

    /** A snapshot began. */
    record SnapshotStarted(Instant at, SnapshotTrigger trigger, Optional<String> schedule) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return trigger + " snapshot started";
        }
    }

    /** A snapshot is durable. */
    record SnapshotCompleted(Instant at, SnapshotReport report) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return report.suspicions().isEmpty() ? AlertSeverity.INFO : AlertSeverity.DEGRADED;
        }

        @Override
        public String describe() {
            return "snapshot " + report.metadata().id() + " completed"
                    + (report.suspicions().isEmpty() ? "" : ", suspect: " + String.join("; ", report.suspicions()));
        }
    }

    /** A snapshot failed; a scheduled one is tried again at {@code nextAttempt}. */
    record SnapshotFailed(
            Instant at,
            SnapshotTrigger trigger,
            Optional<String> schedule,
            String problem,
            int consecutiveFailures,
            Optional<Duration> nextAttempt)
            implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.DEGRADED;
        }

        @Override
        public String describe() {
            return trigger + " snapshot failed: " + problem
                    + nextAttempt
                            .map(delay -> "; next attempt in " + delay.toSeconds() + " s")
                            .orElse("");
        }
    }

    /** Snapshots were removed. */
    record SnapshotsPruned(Instant at, List<RetentionDecision> removed) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return "pruned "
                    + removed.stream()
                            .map(decision -> decision.snapshot().value())
                            .toList();
        }
    }

    /** A snapshot was read back. */
    record VerificationFinished(Instant at, VerificationReport report) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return report.passed() ? AlertSeverity.INFO : AlertSeverity.ESCALATE;
        }

        @Override
        public String describe() {
            return "verification of " + report.snapshot()
                    + (report.passed() ? " passed" : " failed: " + String.join("; ", report.problems()));
        }
    }

    /** A restore is in progress; sent before the host is asked to let go. */
    record RestoreStarted(
            Instant at, SnapshotId target, RestoreVerdict verdict, Optional<RestoreRequest.Approval> approval)
            implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return "restore in progress: " + target
                    + approval.map(by -> ", too old, approved by " + by.operator() + ": " + by.reason())
                            .orElse("");
        }
    }

    /** A restore succeeded. */
    record RestoreCompleted(Instant at, RestoreReport report) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return "restored " + report.snapshot().id()
                    + report.point()
                            .map(point -> " and the transactions up to " + point.position() + " of dataset '"
                                    + point.dataset() + "'")
                            .orElse("")
                    + " in "
                    + report.elapsed().toMillis() + " ms";
        }
    }

    /** A restore was refused before anything was touched. */
    record RestoreRefused(Instant at, SnapshotId target, Optional<RestoreVerdict> verdict, String problem)
            implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return verdict.filter(RestoreVerdict.VersionAhead.class::isInstance).isPresent()
                    ? AlertSeverity.ESCALATE
                    : AlertSeverity.WARN;
        }

        @Override
        public String describe() {
            return "restore of " + target + " refused: " + problem;
        }
    }

    /** A restore failed; the old state is back, or the restore is pending. */
    record RestoreFailed(Instant at, SnapshotId target, boolean rolledBack, String problem) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return rolledBack ? AlertSeverity.DEGRADED : AlertSeverity.ESCALATE;
        }

        @Override
        public String describe() {
            return "restore of " + target + " failed" + (rolledBack ? " and was rolled back: " : " and is pending: ")
                    + problem;
        }
    }

    /** The health changed. */
    record HealthChanged(Instant at, BackupHealth health) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return health.status() == BackupHealth.Status.HEALTHY ? AlertSeverity.INFO : AlertSeverity.DEGRADED;
        }

        @Override
        public String describe() {
            return "backup health is " + health.status()
                    + (health.problems().isEmpty() ? "" : ": " + String.join("; ", health.problems()));
        }
    }

    /** A snapshot was deleted, altered, replaced or added behind this installation's back, or a removal cannot be explained. */
    record ChainBroken(Instant at, ChainVerification verification) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.ESCALATE;
        }

        @Override
        public String describe() {
            return verification.describe();
        }
    }

    /** The manager has closed. */
    record ShutdownFinished(Instant at, ShutdownReport report) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return report.outcome() == ShutdownReport.Outcome.FAILED ? AlertSeverity.DEGRADED : AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return "shutdown snapshot " + report.outcome() + (report.detail().isEmpty() ? "" : ": " + report.detail());
        }
    }

    /**
     * The change log of a dataset begins anew. With a gap, transactions may be lost between the last timeline and this one: only snapshots can restore them.
     *
     * @param timeline the new one; see {@link LogPosition}
     * @param why in a sentence
     */
    record TimelineBegun(Instant at, String dataset, String timeline, String why, boolean gap) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return gap ? AlertSeverity.DEGRADED : AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return "the change log of dataset '" + dataset + "' begins anew" + (gap ? ", with a gap" : "") + ": " + why;
        }
    }

    /** The state of a dataset's continuous protection changed. */
    record ProtectionChanged(Instant at, ProtectionStatus status) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return switch (status.state()) {
                case PROTECTED, STARTING, PAUSED, CLOSED -> AlertSeverity.INFO;
                case WAITING -> AlertSeverity.WARN;
                case SPOOLING, INTERRUPTED -> AlertSeverity.DEGRADED;
            };
        }

        @Override
        public String describe() {
            return "continuous protection of dataset '" + status.dataset() + "' is " + status.state()
                    + status.problem().map(problem -> ": " + problem).orElse("");
        }
    }

    /** A drill began; empty target for the newest good snapshot. */
    record DrillStarted(Instant at, String drill, Optional<SnapshotId> target) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return drill + " of " + target.map(SnapshotId::value).orElse("the newest good snapshot") + " started";
        }
    }

    /** A drill ended. */
    record DrillFinished(Instant at, DrillReport report) implements BackupEvent {
        @Override
        public AlertSeverity severity() {
            return report.passed() ? AlertSeverity.INFO : AlertSeverity.ESCALATE;
        }

        @Override
        public String describe() {
            return report.id() + report.snapshot().map(id -> " of " + id).orElse("")
                    + (report.passed() ? " passed in " : " failed after ")
                    + report.rtoActual().toMillis() + " ms"
                    + (report.passed() ? "" : ": " + String.join("; ", report.problems()));
        }
    }
}
