package dev.cairn.backup;

import java.time.Instant;

/**
 * Something about the host's protection that is not as it should be and stands until that is over. There is at most one of a kind and subject.
 *
 * @param kind what it is
 * @param subject the schedule or dataset that it is about, or {@code repository}
 * @param severity how loud it is now
 * @param since when it was noticed
 * @param escalations how often it was escalated, because it stood for long; see {@link AlertPolicy}
 * @param sentence what is wrong and what to do, for people
 */
public record BackupAlert(
        Kind kind, String subject, AlertSeverity severity, Instant since, int escalations, String sentence) {

    /** What it is. New kinds may be added in minor releases: a switch over them needs a default. */
    public enum Kind {
        /** A schedule has not run although it was due: nothing failed, nothing happened. */
        SCHEDULE_OVERDUE(AlertSeverity.DEGRADED),
        /** A schedule ran and failed. */
        SCHEDULE_FAILING(AlertSeverity.DEGRADED),
        /** A dataset's newest restorable point is older than its objective allows. */
        RPO_MISSED(AlertSeverity.DEGRADED),
        /** The last rehearsed restore of a dataset failed or took longer than its objective allows. */
        RTO_MISSED(AlertSeverity.DEGRADED),
        /** A dataset's newest verified point is older than its objective allows. */
        VERIFICATION_OVERDUE(AlertSeverity.WARN),
        /** Transactions of a dataset that is protected continuously are not kept. */
        PROTECTION_INTERRUPTED(AlertSeverity.DEGRADED),
        /** A dataset is much smaller than it mostly was; see {@link DatasetHealth}. */
        DATASET_SHRUNK(AlertSeverity.WARN),
        /** A dataset is much larger than it mostly was. */
        DATASET_GROWN(AlertSeverity.WARN),
        /** Suspect snapshots wait for an operator's acknowledgement, and hold up retention meanwhile. */
        SUSPECTS_WAITING(AlertSeverity.DEGRADED);

        private final AlertSeverity severity;

        Kind(AlertSeverity severity) {
            this.severity = severity;
        }

        /** How loud it is at first. One that is only worth a look never becomes louder. */
        public AlertSeverity severity() {
            return severity;
        }
    }
}
