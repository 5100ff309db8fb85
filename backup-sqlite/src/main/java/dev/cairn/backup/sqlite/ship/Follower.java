package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.sqlite.wal.BrokenLogException;
import dev.cairn.backup.sqlite.wal.WalHeader;
import dev.cairn.backup.sqlite.wal.WalPlace;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the log of one open session hand over hand, and loses no transaction on the way.
 *
 * <p><b>The invariant.</b> Between two rounds a pin is held (a read transaction that saw nothing behind our place), and so everything that is committed behind our place is still in the file: in
 * our generation behind our frame or, if our frame is the last of ours, in the next generation from its first frame. Why this is so (wal.c):
 * <ol>
 *   <li>A log is begun anew only by {@code walRestartHdr}, which needs all read marks but slot 0 to be free ({@code WAL_READ_LOCK(1..4)} exclusively), and every frame to be
 *       checkpointed ({@code nBackfill == mxFrame}).
 *   <li>A pin in slot 1 or higher therefore keeps the generation as it is.
 *   <li>A pin gets slot 0 only while {@code nBackfill == mxFrame}; say both are m then. While it is held nothing is checkpointed at all, because {@code walCheckpoint} needs
 *       slot 0 exclusively. If frames are appended to the old generation behind m (a reader in another slot kept that writer from restarting), they stay uncheckpointed and so the
 *       log cannot be restarted. So it is restarted only while its last frame still is m, once, since no frame of the new generation can be checkpointed either. (A generation without a frame
 *       can be restarted again and again, by TRUNCATE; nothing is lost by that.) The pin saw nothing behind our place, so m is at most our frame; and it is the last frame of its generation,
 *       so it is our frame.
 * </ol>
 *
 * <p><b>A round</b> pins what is committed now beside the pin that is held, <em>then</em> looks how far the log goes, ships up to there, and only then lets the older pin go. What the newer one saw is
 * therefore shipped. If shipping fails, the newer pin is let go instead and the older one still holds what is not shipped.
 *
 * <p><b>The first pin</b> of a log that goes on where an earlier process stopped may see more than our place: what was committed while nobody watched. If all of that is checkpointed, it got slot 0 and
 * does not keep the log from being begun anew over it. So the generation that was seen behind that pin is shipped to the frame that was seen, before the log is looked at again; what was overwritten meanwhile is
 * noticed by the checksums, and told as a gap.
 *
 * <p><b>How far</b> is what SQLite counts as committed, not what the file shows. A commit frame that is in the file is taken back by the next writer if the sync after it fails, or if its process
 * is killed before it has written the {@code -shm}.
 *
 * <p><b>Salts</b> tell generations apart; they prove little, because SQLite draws both anew when a connection that never restarted the log finds it empty ({@code nCkpt == 0}, told by a sequence of 0 in
 * the header), and counts up the first at each restart of an empty log. Where neither happened, the first must be one higher: a log that was restarted twice was restarted without our
 * lock, which is then broken.
 *
 * <p>For one thread.
 */
final class Follower {

    private final LogSession session;
    private final Outlet outlet;
    private final SegmentCutter cutter;

    private @Nullable WalPlace place;
    private LogPosition position;
    private final int pageSize;
    /** What the first pin may have seen behind our place; null once that is shipped. */
    private @Nullable Sight owed;

    private boolean emptied;
    private boolean open;

    /** Goes on from a position whose place in the log is proved. The session holds a pin that saw nothing behind what is owed, or is about to. */
    Follower(LogSession session, Outlet outlet, Start start) {
        this.session = session;
        this.outlet = outlet;
        this.cutter = new SegmentCutter(outlet.shipping(), session.mainKey(), outlet.segmentBytes());
        this.place = start.place.orElse(null);
        this.position = start.position;
        this.pageSize = start.pageSize;
        this.open = start.open;
        this.owed = start.owed.orElse(null);
        outlet.tail().begin(position, pageSize, open);
        outlet.index().begin(start.place.orElse(new WalPlace(0, 0, 0, 0)), position);
        stand(owed == null);
    }

    /**
     * Where following begins.
     *
     * @param place in the log; empty if that has no frame yet
     * @param position in the timeline
     * @param pageSize of the timeline
     * @param open whether the place lies within a transaction, part of which is kept
     * @param owed how the log looked after the pin was taken, if anything may lie between the place and what the pin saw
     */
    record Start(Optional<WalPlace> place, LogPosition position, int pageSize, boolean open, Optional<Sight> owed) {}

    /**
     * Ships everything that is committed by now.
     *
     * @return how the log looked
     * @throws Doubt if continuity is lost
     * @throws dev.cairn.backup.BackupException if it cannot be kept; the pin that protects it is still held
     */
    Sight round() throws SQLException, IOException, Doubt {
        if (session.isReplaced()) {
            throw new Doubt("The database file or its -wal was replaced while it was being followed", true);
        }
        session.pinNext();
        boolean shipped = false;
        try {
            payOwed();
            Sight sight = session.look();
            advance(sight);
            outlet.tail().shipped();
            shipped = true;
            return sight;
        } catch (BrokenLogException e) {
            throw new Doubt("The log does not continue what was shipped: " + e.getMessage(), true);
        } finally {
            if (shipped) {
                session.handOver();
            } else {
                session.keepOlder();
            }
        }
    }

    /** Reads the generation that was seen, also if the next one has begun by now: its checksums tell whether that has overwritten what is owed. */
    private void payOwed() throws IOException, Doubt {
        Sight seen = owed;
        if (seen != null) {
            advance(seen);
            owed = null;
            stand(true);
        }
    }

    private void advance(Sight sight) throws IOException, Doubt {
        if (sight.frames() == 0) {
            emptied = true;
            return;
        }
        WalHeader header = sight.header().orElseThrow();
        WalPlace from = place;
        if (from == null || !from.isIn(header)) {
            requireSuccessor(header);
            from = header.start();
            place = from;
            emptied = false;
            outlet.index().generation(from, position);
        } else if (sight.frames() < from.frame()) {
            throw new Doubt(
                    "The log has " + sight.frames() + " frames, of which " + from.frame() + " were shipped", true);
        }
        if (sight.frames() > from.frame()) {
            stand(false);
            try {
                cutter.ship(session.wal(), header, from, sight.frames(), this::kept);
            } finally {
                stand(place != null && place.frame() == sight.frames());
            }
        }
    }

    private void requireSuccessor(WalHeader header) throws Doubt {
        if (header.pageSize() != pageSize) {
            throw new Doubt("The page size changed from " + pageSize + " to " + header.pageSize(), true);
        }
        if (open) {
            throw new Doubt("The log was restarted in the middle of a transaction that is being shipped", true);
        }
        WalPlace old = place;
        if (old != null
                && old.frame() != 0
                && !emptied
                && header.sequence() != 0
                && header.salt1() != old.salt1() + 1) {
            throw new Doubt(
                    "The log was restarted more than once while it was locked: something in this process opened the database's -shm file and took all locks away, or removed it",
                    true);
        }
    }

    /** Takes note that everything is shipped and the log is let go in order. */
    void end() {
        if (!open) {
            cutter.end(pageSize, Optional.ofNullable(place));
        }
    }

    private void kept(LogSegment segment, List<Integer> ends, WalPlace behind, LogPosition now) {
        place = behind;
        List<LogSegment.Commit> commits = segment.commits();
        open = commits.isEmpty() || commits.get(commits.size() - 1).pages() < segment.pages().length;
        // Before anybody can learn that these transactions are there.
        outlet.tail().add(segment, now);
        ends.forEach(outlet.index()::commit);
        outlet.tail().shipped();
        position = now;
        outlet.demand().kept(segment);
        stand(false);
    }

    private void stand(boolean settled) {
        outlet.standing().accept(new Standing(Optional.of(position), session.mainKey(), settled));
    }

    /** Behind the last transaction that is kept. */
    LogPosition position() {
        return position;
    }
}
