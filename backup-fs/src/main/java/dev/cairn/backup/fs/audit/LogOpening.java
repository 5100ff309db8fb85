package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditDamage;
import dev.cairn.backup.AuditDamage.Kind;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.DamagedAuditException;
import dev.cairn.backup.fs.durable.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Opens a log for writing, or looks at one. On one of the library's own threads. */
public final class LogOpening {

    private final LogPlace place;
    private final HeadRecord record;
    private final InstantSource clock;

    /**
     * An operator's word that a damaged log may be put aside.
     *
     * @param operator who
     * @param reason why
     */
    public record Acceptance(String operator, String reason) {}

    /** Touches nothing yet. */
    public LogOpening(LogPlace place, HeadRecord record, InstantSource clock) {
        this.place = place;
        this.record = record;
        this.clock = clock;
    }

    /** Takes the right to write, finds the end and puts aside what was never acknowledged. */
    public AuditLog open(Optional<Acceptance> acceptance) throws IOException {
        DurableFiles.createDirectories(place.folder());
        WriterLock lock = WriterLock.take(place.folder());
        boolean opened = false;
        try {
            AuditLog log = open(lock, acceptance);
            opened = true;
            return log;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    private AuditLog open(WriterLock lock, Optional<Acceptance> acceptance) throws IOException {
        Optional<Head> known = record.read();
        try {
            return recovered(lock, known.isPresent() ? known.get() : first(), Optional.empty());
        } catch (DamagedAuditException e) {
            if (acceptance.isEmpty()) {
                throw e;
            }
            return recovered(lock, setAside(known), Optional.of(note(acceptance.get(), known, e.damage())));
        }
    }

    /** The head of a log that does not exist yet. It is recorded before the first file is made, so a log without one has lost it. */
    private Head first() throws IOException {
        List<AuditFile> files = AuditFile.list(place.folder());
        if (!files.isEmpty()) {
            throw new DamagedAuditException(place.folder().toString(), headless(files, record));
        }
        Head head = Head.of(UUID.randomUUID().toString());
        record.put(head);
        return head;
    }

    private static AuditDamage headless(List<AuditFile> files, HeadRecord record) {
        return new AuditDamage(
                Kind.MISSING,
                files.get(0).name(),
                0,
                files.get(0).first(),
                "the head record " + record.place(),
                "none");
    }

    private Head setAside(Optional<Head> known) throws IOException {
        Head head =
                SettingAside.newChain(place.folder(), known, UUID.randomUUID().toString());
        record.put(head);
        SettingAside.move(place.folder());
        return head;
    }

    private AuditEvent note(Acceptance by, Optional<Head> known, AuditDamage damage) {
        AuditEvent event = AuditEvent.allowed(clock.instant(), by.operator(), "audit.damage-accepted", damage.file())
                .detail("reason", by.reason())
                .detail("damage", damage.toString());
        return known.isEmpty()
                ? event
                : event.detail("chain", known.get().chain())
                        .detail("sequence", Long.toString(known.get().last().sequence()))
                        .detail("hash", known.get().last().hash());
    }

    private AuditLog recovered(WriterLock lock, Head head, Optional<AuditEvent> note) throws IOException {
        OpenIncidents incidents = new OpenIncidents();
        Recovery.LogEnd end = new Recovery(place.folder(), head, incidents).run();
        ReadWriteLock files = new ReentrantReadWriteLock();
        LogWriter writer = new LogWriter(place, clock, record, head, end, incidents, files.writeLock());
        boolean noted = false;
        try {
            writer.begin(end.torn(), note.or(() -> untold(head, end)));
            noted = true;
        } finally {
            if (!noted) {
                writer.close();
            }
        }
        return new OpenLog(place.folder(), lock, writer, incidents, files);
    }

    /** An opening that accepted damage may have ended before it could tell so. */
    private Optional<AuditEvent> untold(Head head, Recovery.LogEnd end) {
        boolean told = end.tail().isPresent() || head.last().sequence() == 0;
        return told
                ? Optional.empty()
                : Optional.of(AuditEvent.allowed(clock.instant(), "cairn", "audit.damage-accepted", "")
                        .detail("reason", "accepted at an earlier opening that ended before it could tell"));
    }

    /**
     * Reads the whole log without opening it. A line that somebody is just writing counts as torn.
     *
     * @param head the head record, or empty to do without
     */
    public static AuditVerification verify(Path folder, Optional<HeadRecord> head) throws IOException {
        // The head is read first: lines that are appended meanwhile follow it.
        Optional<Head> known = head.flatMap(HeadRecord::read);
        List<AuditFile> files = AuditFile.list(folder);
        if (head.isPresent() && known.isEmpty() && !files.isEmpty()) {
            return new AuditVerification(1, 0, 0, 0, false, Optional.of(headless(files, head.get())));
        }
        return ChainCheck.run(files, Long.MAX_VALUE, known.orElse(null));
    }
}
