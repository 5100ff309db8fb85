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
        } catch (RuntimeException e) {
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
        } catch (RuntimeException e) {
            report((written == 0 ? before : 0) + lines.size() - Math.max(0, written - (before > 0 ? 1 : 0)), e);
            throw e;
        }
        open(lines);
        if (before > 0) {
            reportSolved();
        }
    }

    private void open(List<AuditEvent> lines) {
        try {
            lines.forEach(incidents::open);
        } catch (RuntimeException e) {
            LOG.error("An incident could not be opened", e);
            report(1, e);
        }
    }

    private long takeMissing() {
        synchronized (lock) {
            long taken = missing;
            missing = 0;
            return taken;
        }
    }

    private void report(long lost, RuntimeException e) {
        Runnable afterwards;
        synchronized (lock) {
            missing += lost;
            problem.accept(Optional.of(
                    "the audit log lacks " + missing + " lines, because it cannot be written: " + e.getMessage()));
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
