package dev.cairn.backup.core.audit;

import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes lines and opens their incidents, and counts what it could not write: the first line after a gap tells how long the gap is. Thread-safe. */
final class LineWriter {

    private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);
    private static final int BATCH = 1000;

    private final AuditLog log;
    private final Incidents incidents;
    private final InstantSource clock;
    private final Object lock = new Object();
    private long missing;
    private boolean unopened;
    private Consumer<Optional<String>> problem = told -> {};
    private Runnable changed = () -> {};

    LineWriter(AuditLog log, InstantSource clock) {
        this.log = log;
        this.incidents = new Incidents(log);
        this.clock = clock;
    }

    void reportTo(Consumer<Optional<String>> problemTold, Runnable afterwards) {
        synchronized (lock) {
            this.problem = problemTold;
            this.changed = afterwards;
        }
    }

    /** Writes them if it can. */
    void write(List<AuditEvent> lines) {
        try {
            writeOrThrow(lines);
        } catch (RuntimeException | Error e) { // A log is the host's own; whatever it throws must not end a backup.
            lines.forEach(line -> LOG.error(
                    "An audit line is missing: {} {} {} by {} {}",
                    line.action(),
                    line.target(),
                    line.outcome(),
                    line.actor(),
                    line.details(),
                    e));
        }
    }

    /**
     * Writes them. The lines of incidents that cannot be opened are written all the same.
     *
     * @throws RuntimeException if they could not all be written; it has been reported
     */
    void writeOrThrow(List<AuditEvent> lines) {
        if (lines.isEmpty()) {
            return;
        }
        long before = takeMissing();
        List<AuditEvent> all = new ArrayList<>();
        if (before > 0) {
            all.add(AuditEvent.failed(clock.instant(), "cairn", "audit.lines-missing", "")
                    .detail("count", Long.toString(before)));
        }
        all.addAll(lines);
        int written = 0;
        try {
            while (written < all.size()) {
                List<AuditEvent> batch = all.subList(written, Math.min(all.size(), written + BATCH));
                log.append(batch);
                written += batch.size();
            }
        } catch (RuntimeException | Error e) {
            incidents.later(lines);
            report((written == 0 ? before : 0) + lines.size() - Math.max(0, written - (before > 0 ? 1 : 0)), e);
            throw e;
        }
        if (open(lines, before > 0)) {
            reportSolved();
        }
    }

    /** Answers whether there was something that is well again now. */
    private boolean open(List<AuditEvent> lines, boolean lacked) {
        try {
            incidents.open(lines);
        } catch (RuntimeException | Error e) {
            LOG.error("An incident could not be opened; it is tried again with the next line", e);
            synchronized (lock) {
                unopened = true;
            }
            report(0, e);
            return false;
        }
        synchronized (lock) {
            boolean solved = lacked || unopened;
            unopened = false;
            return solved;
        }
    }

    private long takeMissing() {
        synchronized (lock) {
            long taken = missing;
            missing = 0;
            return taken;
        }
    }

    private void report(long lost, Throwable e) {
        Runnable afterwards;
        synchronized (lock) {
            missing += lost;
            String lacking = missing > 0 ? missing + " lines, because it cannot be written: " : "an incident: ";
            problem.accept(Optional.of("the audit log lacks " + lacking + e.getMessage()));
            afterwards = changed;
        }
        afterwards.run();
    }

    private void reportSolved() {
        Runnable afterwards;
        synchronized (lock) {
            if (missing > 0) {
                return; // Somebody else has lost one meanwhile.
            }
            problem.accept(Optional.empty());
            afterwards = changed;
        }
        afterwards.run();
    }
}
