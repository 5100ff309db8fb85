package dev.cairn.backup.core.audit;

import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AlertEvent.Change;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.BackupAlert;
import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.Incident;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Alerts as audit lines: always the engine's own, whoever happened to ask when they were found. The first escalation of one opens an incident, and later ones do not.
 */
final class AlertLines {

    /** What the lines of snapshots tell already; as alerts they are told once somebody must be called. */
    private static final Set<Kind> TOLD_BY_SNAPSHOTS = EnumSet.of(Kind.SCHEDULE_FAILING, Kind.SUSPECTS_WAITING);

    private AlertLines() {}

    static List<AuditEvent> of(AlertEvent event, String engine) {
        BackupAlert alert = event.alert();
        if (TOLD_BY_SNAPSHOTS.contains(alert.kind()) && alert.escalations() == 0) {
            return List.of();
        }
        String action = "alert." + event.change().name().toLowerCase(Locale.ROOT);
        AuditEvent line = (event.change() == Change.CLEARED
                        ? AuditEvent.allowed(event.at(), engine, action, alert.subject())
                        : AuditEvent.failed(event.at(), engine, action, alert.subject()))
                .detail("alert", alert.kind().name())
                .detail("severity", event.severity().name())
                .detail("since", alert.since().toString())
                .detail("escalations", Integer.toString(alert.escalations()))
                .detail("problem", alert.sentence());
        boolean first = event.change() == Change.ESCALATED && alert.escalations() == 1;
        return List.of(first ? line.incident(Incident.PROTECTION_AT_RISK, AlertSeverity.ESCALATE) : line);
    }
}
