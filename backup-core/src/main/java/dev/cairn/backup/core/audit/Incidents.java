package dev.cairn.backup.core.audit;

import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditEvent.IncidentCode;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.Incident;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens incidents, one of a kind about a thing at a time. Those that the log does not take wait for the next line that it takes, as long as the process lives: a full disk makes a restore fail and its incident too.
 * Thread-safe.
 */
final class Incidents {

    /** A log holds 1000. Whoever makes up ids must not take the place of what is about something else. */
    static final int MAX_OF_A_CODE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final int MAX_WAITING = 100;

    private final AuditLog log;
    private final Deque<AuditEvent> waiting = new ArrayDeque<>();

    Incidents(AuditLog log) {
        this.log = log;
    }

    /**
     * Opens those that wait and then the incidents of lines, of each that has one if none of that code about the same target is open: a schedule that fails every quarter of an hour is one; the
     * lines tell each failure.
     */
    synchronized void open(List<AuditEvent> lines) {
        later(lines);
        for (AuditEvent next = waiting.peek(); next != null; next = waiting.peek()) {
            AuditEvent line = next;
            line.incident().ifPresent(code -> open(line, code));
            waiting.remove();
        }
    }

    /** Keeps the incidents of lines that could not be written. */
    synchronized void later(List<AuditEvent> lines) {
        for (AuditEvent line : lines) {
            if (line.incident().isEmpty() || waiting.stream().anyMatch(other -> isSame(line, other))) {
                continue;
            }
            if (waiting.size() == MAX_WAITING) {
                LOG.error("No incident is opened for {}, because {} others wait", line, MAX_WAITING);
            } else {
                waiting.add(line);
            }
        }
    }

    private static boolean isSame(AuditEvent line, AuditEvent other) {
        return line.incident().equals(other.incident()) && line.target().equals(other.target());
    }

    private void open(AuditEvent line, IncidentCode code) {
        List<String> about = line.target().isEmpty() ? List.of() : List.of(line.target());
        List<Incident> open = log.openIncidents().stream()
                .filter(known -> known.report().kind().code().equals(code.code()))
                .toList();
        if (open.size() < MAX_OF_A_CODE
                && open.stream().noneMatch(known -> known.report().related().equals(about))) {
            String description = line.action() + (line.target().isEmpty() ? "" : " of " + line.target()) + ": "
                    + line.details().getOrDefault("problem", "");
            log.report(new Incident.Report(line.at(), line.actor(), code, description, about));
        }
    }
}
