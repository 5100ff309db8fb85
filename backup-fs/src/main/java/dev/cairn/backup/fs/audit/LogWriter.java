package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.Location;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines: written, forced, then the head record, and only then acknowledged. Used by one thread at a time, one of the library's own.
 */
final class LogWriter {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final String ACTOR = "cairn";

    private final LogPlace place;
    private final InstantSource clock;
    private final HeadRecord record;
    private final OpenIncidents incidents;
    private final Lock removing;
    private AuditPosition last;
    private volatile Head head;
    private @Nullable OpenFile file;
    private @Nullable AuditFile stray;

    /**
     * @param removing held while old files are removed
     */
    LogWriter(
            LogPlace place,
            InstantSource clock,
            HeadRecord record,
            Head head,
            Recovery.LogEnd end,
            OpenIncidents incidents,
            Lock removing)
            throws IOException {
        this.place = place;
        this.clock = clock;
        this.record = record;
        this.head = head;
        this.last = end.last();
        this.incidents = incidents;
        this.removing = removing;
        this.file = end.tail().isPresent() ? OpenFile.of(end.tail().get()) : null;
    }

    /** The last acknowledged state. May be asked by any thread. */
    Head head() {
        return head;
    }

    /** Where the head record lies, if that is a place. */
    Optional<Location> headLocation() {
        return record.location();
    }

    /** How long the last file is; all of it is durable. */
    long length() {
        return file == null ? 0 : file.length();
    }

    /**
     * Appends lines.
     *
     * @return where they stand
     * @throws StoreException if they are not acknowledged
     */
    List<AuditPosition> write(List<Draft> drafts) {
        Optional<FileRetention.Removal> removal = Optional.empty();
        OpenFile target = mended();
        if (target == null || place.rotation().isDue(target.linesLength(), target.begun(), clock.instant())) {
            target = rotated(target);
            removal = removal();
        }
        List<Draft> lines = new ArrayList<>(drafts);
        removal.ifPresent(going -> lines.add(0, note(going)));
        List<AuditPosition> positions = append(target, lines);
        Head next = head.last(last);
        acknowledge(removal.map(going -> next.before(going.before())).orElse(next));
        removal.ifPresent(this::remove);
        return positions.subList(lines.size() - drafts.size(), lines.size());
    }

    private List<AuditPosition> append(OpenFile target, List<Draft> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<AuditPosition> positions = encode(lines, bytes);
        try {
            target.append(bytes.toByteArray());
        } catch (IOException e) {
            throw notWritten(target, e);
        }
        last = positions.get(positions.size() - 1);
        for (int i = 0; i < lines.size(); i++) {
            incidents.tell(lines.get(i), positions.get(i).sequence());
        }
        return positions;
    }

    private List<AuditPosition> encode(List<Draft> lines, ByteArrayOutputStream out) {
        List<AuditPosition> positions = new ArrayList<>(lines.size());
        AuditPosition at = last;
        for (Draft line : lines) {
            byte[] bytes = line.after(at);
            at = new AuditPosition(at.sequence() + 1, RawLine.hash(bytes));
            out.writeBytes(bytes);
            out.write('\n');
            positions.add(at);
        }
        return positions;
    }

    /** What was written in part is cut off at once; only if that fails too, nobody knows what a crash will leave of it. */
    private StoreException notWritten(OpenFile target, IOException e) {
        try {
            target.mend();
        } catch (IOException again) {
            e.addSuppressed(again);
            return new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "A line of the audit log " + place.folder() + " was written in part and could not be taken back: "
                            + e,
                    "Free some space and check the disk; the log takes it back before it writes the next line",
                    e);
        }
        return DurableFiles.storeFailure("Writing to the audit log " + place.folder(), e);
    }

    private void acknowledge(Head next) {
        try {
            record.put(next);
        } catch (BackupException e) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "Line " + last.sequence() + " is in the audit log " + place.folder()
                            + ", but not in its head record: " + e.getMessage(),
                    "Look after the state store; do not append it again, the next line makes up for it",
                    e);
        }
        head = next;
    }

    private @Nullable OpenFile mended() {
        try {
            if (stray != null) {
                DurableFiles.deleteDurably(stray.path());
                stray = null;
            }
            if (file != null) {
                file.mend();
            }
            return file;
        } catch (IOException e) {
            throw DurableFiles.storeFailure(
                    "Taking back what was left of a failed write to the audit log " + place.folder(), e);
        }
    }

    private OpenFile rotated(@Nullable OpenFile old) {
        Instant now = clock.instant();
        List<Draft> lines = new ArrayList<>();
        List<Incident> open = incidents.all();
        lines.add(new Draft.Chain(now, head.chain(), open.size()));
        open.forEach(incident -> lines.add(new Draft.Carried(now, incident)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<AuditPosition> positions = encode(lines, bytes);
        AuditFile next = AuditFile.in(place.folder(), last.sequence() + 1);
        try {
            OpenFile begun = begin(next, bytes.toByteArray(), now);
            if (old != null) {
                old.close();
            }
            file = begun;
            last = positions.get(positions.size() - 1);
            return begun;
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Beginning file " + next.path() + " of the audit log", e);
        }
    }

    private OpenFile begin(AuditFile next, byte[] opening, Instant now) throws IOException {
        DurableFiles.writeNew(next.path(), BlobContent.of(opening));
        boolean begun = false;
        try {
            DurableFiles.forceDirectory(place.folder());
            OpenFile opened = OpenFile.of(new Recovery.Tail(next, opening.length, opening.length, now));
            begun = true;
            return opened;
        } finally {
            if (!begun) {
                stray = next; // Its lines were never acknowledged, and their numbers are given again.
            }
        }
    }

    /** Files that others put behind the present one are no reason to let it, or any before it, go. */
    private Optional<FileRetention.Removal> removal() {
        try {
            List<AuditFile> own = AuditFile.list(place.folder()).stream()
                    .filter(known -> known.first() <= last.sequence())
                    .toList();
            return place.retention().removable(own, clock.instant());
        } catch (IOException e) {
            LOG.warn("Old files of the audit log {} stay, because they cannot be looked at", place.folder(), e);
            return Optional.empty();
        }
    }

    private Draft note(FileRetention.Removal going) {
        AuditEvent event = AuditEvent.allowed(
                        clock.instant(),
                        ACTOR,
                        "audit.files-removed",
                        place.folder().toString())
                .detail("files", Integer.toString(going.files().size()))
                .detail("first", going.files().get(0).name())
                .detail("upTo", Long.toString(going.before().sequence()))
                .detail("hash", going.before().hash());
        return new Draft.Event(event);
    }

    /** One after another from the oldest, each removal forced: a power cut must not leave a gap. What stays goes after the next rotation. */
    private void remove(FileRetention.Removal going) {
        if (!removing.tryLock()) {
            return; // Somebody reads them.
        }
        try {
            for (AuditFile old : going.files()) {
                DurableFiles.deleteDurably(old.path());
            }
        } catch (IOException e) {
            LOG.warn("Old files of the audit log {} could not be removed", place.folder(), e);
        } finally {
            removing.unlock();
        }
    }

    /** Acknowledges what the recovery has kept, and notes that, what it put aside and that somebody accepted damage. */
    void begin(List<Recovery.TornPart> torn, Optional<AuditEvent> acceptance) {
        List<Draft> notes = new ArrayList<>();
        acceptance.ifPresent(event -> notes.add(new Draft.Event(event)));
        for (Recovery.TornPart part : torn) {
            notes.add(new Draft.Event(AuditEvent.failed(clock.instant(), ACTOR, "audit.line-torn", part.file())
                    .detail("bytes", Long.toString(part.bytes()))
                    .detail("keptAs", part.keptAs())));
        }
        if (last.sequence() > head.last().sequence()) {
            notes.add(new Draft.Event(unacknowledged()));
        }
        if (!notes.isEmpty()) {
            write(notes);
        }
    }

    /** A crash leaves such lines; so does somebody who writes to the folder and not to the state store. Who reads the log must be able to tell them from those that were promised. */
    private AuditEvent unacknowledged() {
        return AuditEvent.allowed(
                        clock.instant(),
                        ACTOR,
                        "audit.lines-unacknowledged",
                        place.folder().toString())
                .detail("first", Long.toString(head.last().sequence() + 1))
                .detail("last", Long.toString(last.sequence()));
    }

    void close() {
        if (file != null) {
            try {
                file.mend();
                file.close();
            } catch (IOException e) {
                LOG.warn("The audit log {} could not be closed; the next opening looks after it", place.folder(), e);
            }
        }
    }
}
