package dev.cairn.backup.lifecycle;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.RestoreVerdict;
import java.time.Duration;
import java.util.Optional;

/** What is worth telling around a restore, how loud it is, and for how long the host is watched more closely afterwards. */
public enum AlertKind {
    /** A restore is in progress. */
    RESTORE_STARTED(AlertSeverity.INFO, Duration.ZERO),
    /** A restore is done; no invalid cursor may turn up for a minute. */
    RESTORE_COMPLETED(AlertSeverity.INFO, Duration.ofSeconds(60)),
    /** A cursor went back to its committed position and is expected to recover by itself. */
    CURSOR_REWOUND(AlertSeverity.WARN, Duration.ofSeconds(60)),
    /** A source was read again from zero. */
    CURSOR_RESYNCED(AlertSeverity.WARN, Duration.ofMinutes(5)),
    /** That happened more than once within one watch. */
    CURSOR_RESYNCED_AGAIN(AlertSeverity.DEGRADED, Duration.ofMinutes(15)),
    /** A source is stale, pending or revoked. */
    SOURCE_NOT_ACTIVE(AlertSeverity.DEGRADED, Duration.ofMinutes(15)),
    /** Every snapshot is older than a restore accepts: the schedule is at fault. */
    ALL_SNAPSHOTS_TOO_OLD(AlertSeverity.DEGRADED, Duration.ZERO),
    /** A service used up its restarts. */
    HOLD_DOWN(AlertSeverity.ESCALATE, Duration.ofMinutes(15)),
    /** It did so again without having been stable in between: waiting will not help. */
    HOLD_DOWN_AGAIN(AlertSeverity.ESCALATE, Duration.ofMinutes(15)),
    /** A snapshot comes from a later version than the host has ever had. */
    VERSION_AHEAD(AlertSeverity.ESCALATE, Duration.ZERO);

    private final AlertSeverity severity;
    private final Duration watch;

    AlertKind(AlertSeverity severity, Duration watch) {
        this.severity = severity;
        this.watch = watch;
    }

    /** How loud it is. */
    public AlertSeverity severity() {
        return severity;
    }

    /** How long the host is to be watched from then on, at least; zero if it calls for no watch. A longer watch that runs already goes on. */
    public Duration watch() {
        return watch;
    }

    /** Whether a person is to be called. */
    public boolean pages() {
        return severity == AlertSeverity.ESCALATE;
    }

    /** Whether it is to be investigated as an incident, since it points at corruption. */
    public boolean isIncident() {
        return this == VERSION_AHEAD;
    }

    /** What kind an event is; empty if it is about none of these. Its own severity is that of the kind. */
    public static Optional<AlertKind> of(BackupEvent event) {
        if (event instanceof OperationalAlert alert) {
            return Optional.of(alert.kind());
        }
        if (event instanceof BackupEvent.RestoreStarted) {
            return Optional.of(RESTORE_STARTED);
        }
        if (event instanceof BackupEvent.RestoreCompleted) {
            return Optional.of(RESTORE_COMPLETED);
        }
        return event instanceof BackupEvent.RestoreRefused refused
                        && refused.verdict()
                                .filter(RestoreVerdict.VersionAhead.class::isInstance)
                                .isPresent()
                ? Optional.of(VERSION_AHEAD)
                : Optional.empty();
    }
}
