package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.fs.audit.RawLine.End;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a log say from some file on, up to the first that does not follow. Used once.
 */
final class EndScan {

    private final Head head;
    private final OpenIncidents incidents;
    private AuditPosition last;
    private long beforeFile;
    private boolean begins = true;
    private long file;
    private long length;
    private long opening;
    private long acknowledged;
    private long carried;
    private Instant begun = Instant.EPOCH;

    /**
     * @param incidents is told of the incidents that are open there
     */
    EndScan(Head head, OpenIncidents incidents) {
        this.head = head;
        this.incidents = incidents;
        // Of a chain that was begun anew nothing need be there yet.
        this.last = head.last().equals(head.before()) ? head.before() : AuditPosition.START;
        this.beforeFile = last.sequence();
    }

    /** The last line that follows. */
    AuditPosition last() {
        return last;
    }

    /** Up to where the last file holds lines that follow. */
    long length() {
        return length;
    }

    /** Up to where it holds its first line and the incidents that it carries. */
    long opening() {
        return opening;
    }

    /** Up to where it holds lines that were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    /** The time of its first line. */
    Instant begun() {
        return begun;
    }

    /** Takes the next line; answers whether it follows. */
    boolean takes(RawLine raw) {
        Line line = parsed(raw);
        if (line == null) {
            return false;
        }
        boolean opens = raw.number() == 1;
        AuditPosition here = new AuditPosition(line.sequence(), raw.hash());
        if (opens != line.kind().equals(Line.CHAIN)
                || !(begins ? canBegin(line) : follows(line))
                || isOther(here, head.last())
                || isOther(here, head.before())
                || (opens
                        && (raw.fileFirst() != line.sequence() || !head.chain().equals(line.chain())))) {
            return false;
        }
        begins = false;
        beforeFile = opens ? line.sequence() - 1 : beforeFile;
        last = here;
        length = raw.endOffset();
        if (opens || (carried > 0 && line.kind().equals(Line.CARRIED))) {
            opening = length;
        }
        if (opens) {
            file = raw.fileFirst();
            begun = line.time();
            carried = line.carried();
            acknowledged = 0;
        } else if (line.kind().equals(Line.CARRIED)) {
            carried--;
        }
        if (here.sequence() <= head.last().sequence()) {
            acknowledged = length;
        }
        incidents.read(line);
        return true;
    }

    private static @Nullable Line parsed(RawLine raw) {
        try {
            return raw.end() == End.COMPLETE ? Line.parse(raw.bytes()) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private boolean canBegin(Line line) {
        return line.sequence() <= head.last().sequence()
                || (line.sequence() == head.last().sequence() + 1
                        && line.previous().equals(head.last().hash()));
    }

    private boolean follows(Line line) {
        return line.sequence() == last.sequence() + 1 && line.previous().equals(last.hash());
    }

    /** A new file counts once all that it has to carry is there; only then a line of it is acknowledged. */
    boolean keeps(AuditFile lastFile) {
        return file == lastFile.first() && (carried <= 0 || file <= head.last().sequence());
    }

    /** The last line before that file. */
    long lastBefore(AuditFile lastFile) {
        return file == lastFile.first() ? beforeFile : last.sequence();
    }

    private static boolean isOther(AuditPosition here, AuditPosition known) {
        return here.sequence() == known.sequence() && !here.hash().equals(known.hash());
    }
}
