package dev.cairn.backup.sqlite.ship;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log short although it is pinned nearly all the time.
 *
 * <p>SQLite begins a log anew at the first write after all of it was checkpointed while nobody read from it. Our pin stands behind the last commit, so it does not keep a checkpoint from
 * reaching the end; and taken anew when all is checkpointed, it reads from the main file (slot 0) and does not keep the next writer from beginning anew. A host that pauses now and then
 * therefore needs no more than a passive checkpoint. One that never pauses has always committed something more by then: so once the log has grown to an eighth of its limit, all writers are held
 * back while the rest is shipped and checkpointed. Nearly everything was before, so that this takes milliseconds.
 *
 * <p>For one thread.
 */
final class LogKeeping {

    private static final Logger LOG = LoggerFactory.getLogger(LogKeeping.class);

    /** Where hosts' own connections begin to checkpoint by default (https://www.sqlite.org/c3ref/wal_autocheckpoint.html). */
    private static final int FRAMES = 1000;

    /** After an attempt that another reader made futile. */
    private static final long PAUSE_NANOS = 250_000_000;

    /** For how long writers are held back to wait for another's checkpoint. */
    private static final long HOLD_NANOS = 250_000_000;

    private final long limit;
    private long failedAt = System.nanoTime() - PAUSE_NANOS;
    private int framesBefore = -1;

    LogKeeping(long limit) {
        this.limit = limit;
    }

    /**
     * One round with what the log's length asks for.
     *
     * @return how the log looked in the end
     */
    Sight round(Attachment attachment) throws SQLException, IOException, Doubt {
        Sight sight = attachment.follower().round();
        boolean idle = sight.frames() == framesBefore;
        int waiting = sight.frames() - sight.checkpointed();
        if (waiting > 0 && sight.bytes() > limit / 8 && System.nanoTime() - failedAt >= PAUSE_NANOS) {
            sight = restart(attachment);
            if (sight.checkpointed() < sight.frames()) {
                failedAt = System.nanoTime();
            }
        } else if (sight.frames() >= FRAMES && (waiting >= FRAMES || (idle && waiting > 0))) {
            attachment.session().checkpoint();
            sight = attachment.follower().round();
        }
        framesBefore = sight.frames();
        return sight;
    }

    /**
     * Ships and checkpoints until little is left, so that writers are held back only for that; or until it is seen that they are faster, or the log has a quarter of its limit: then they are held back for
     * longer, which is what slows them down. What was committed while a round shipped is looked at anew: under a writer that is several times faster than that, each further round would leave several times
     * as much to the next one.
     */
    private Sight catchUp(Attachment attachment) throws SQLException, IOException, Doubt {
        LogSession session = attachment.session();
        Sight sight = session.look();
        if (sight.bytes() >= limit / 4) {
            return sight;
        }
        int before = 0;
        int fresh = Integer.MAX_VALUE;
        sight = attachment.follower().round();
        while (sight.frames() - before > FRAMES
                && sight.frames() - before < fresh / 2
                && session.look().bytes() < limit / 4) {
            fresh = sight.frames() - before;
            before = sight.frames();
            session.checkpoint();
            sight = attachment.follower().round();
        }
        return sight;
    }

    private Sight restart(Attachment attachment) throws SQLException, IOException, Doubt {
        LogSession session = attachment.session();
        Sight sight = catchUp(attachment);
        if (!session.lock()) {
            return sight;
        }
        long since = System.nanoTime();
        try {
            attachment.follower().round();
            // A busy host's own checkpoint may just be running, by the connection that committed last.
            while (!session.checkpoint() && System.nanoTime() - since < HOLD_NANOS) {
                LockSupport.parkNanos(1_000_000);
            }
            sight = attachment.follower().round();
        } finally {
            session.unlock();
        }
        LOG.debug(
                "Held writers for {} us to restart a log of {} bytes",
                (System.nanoTime() - since) / 1000,
                sight.bytes());
        return sight;
    }
}
