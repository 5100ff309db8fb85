package dev.cairn.backup.core.audit;

import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditEvent.IncidentCode;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.Incident;
import java.util.List;

/** Opens incidents, one of a kind about a thing at a time. Thread-safe. */
final class Incidents {

    private final AuditLog log;

    Incidents(AuditLog log) {
        this.log = log;
    }

    /** Opens the incident of a line, if it has one and none of that code about the same target is open: a schedule that fails every quarter of an hour is one; the lines tell each failure. */
    void open(AuditEvent line) {
        line.incident().ifPresent(code -> open(line, code));
    }

    private synchronized void open(AuditEvent line, IncidentCode code) {
        List<String> about = line.target().isEmpty() ? List.of() : List.of(line.target());
        boolean known = log.openIncidents().stream()
                .anyMatch(open -> open.report().kind().code().equals(code.code())
                        && open.report().related().equals(about));
        if (!known) {
            String description = line.action() + (line.target().isEmpty() ? "" : " of " + line.target()) + ": "
                    + line.details().getOrDefault("problem", "");
            log.report(new Incident.Report(line.at(), line.actor(), code, description, about));
        }
    }
}
