package dev.cairn.backup.core.audit;

import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditEvent.IncidentCode;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.Incident;
import dev.cairn.backup.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the manager tells its listeners into an audit log, and opens an incident for what went wrong, unless one of that code about the same thing is open.
 * Given to {@code Cairn.builder().listener(…)}; the host closes the log after the manager.
 *
 * <p>A line is durable some moments after its operation, not before: listeners are told from a queue, which loses the oldest of more than 1024 events
 * ({@link dev.cairn.backup.BackupHealth} counts them), and a crash may come before the line. A line that cannot be written is logged and counted in {@link #failures}; it never holds up a
 * backup. A host that must not do anything without a line appends one itself before it calls the manager. Thread-safe.
 */
public final class AuditRecorder implements BackupListener {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRecorder.class);
    private static final int BATCH = 1000;

    private final AuditLog log;
    private final EventLines lines;
    private final AtomicLong failures = new AtomicLong();

    private AuditRecorder(AuditLog log, String actor) {
        this.log = log;
        this.lines = new EventLines(actor);
    }

    /**
     * A recorder for the log.
     *
     * @param actor who calls the manager, for operations that do not tell; not blank. Scheduled snapshots have the actor {@code schedule:<name>}, a restore
     *     that an operator approved has the operator
     */
    public static AuditRecorder to(AuditLog log, String actor) {
        if (actor.isBlank()) {
            throw new InvalidValueException("actor", actor, "a name, such as the host's");
        }
        return new AuditRecorder(log, actor);
    }

    /** How many events could not be written, or their incidents not opened, since this recorder was made. */
    public long failures() {
        return failures.get();
    }

    @Override
    public void onEvent(BackupEvent event) {
        List<AuditEvent> told = lines.of(event);
        try {
            for (int from = 0; from < told.size(); from += BATCH) {
                log.append(told.subList(from, Math.min(told.size(), from + BATCH)));
            }
            told.forEach(line -> line.incident().ifPresent(code -> open(line, code, event.describe())));
        } catch (BackupException e) {
            failures.incrementAndGet();
            LOG.error("An audit line is missing: {}", event.describe(), e);
        }
    }

    /** A schedule that fails every quarter of an hour is one incident until somebody closes it; the lines tell each failure. */
    private void open(AuditEvent line, IncidentCode code, String description) {
        List<String> about = line.target().isEmpty() ? List.of() : List.of(line.target());
        Optional<Incident> same = log.openIncidents().stream()
                .filter(open -> open.report().kind().code().equals(code.code())
                        && open.report().related().equals(about))
                .findFirst();
        if (same.isEmpty()) {
            log.report(new Incident.Report(line.at(), line.actor(), code, description, about));
        }
    }
}
