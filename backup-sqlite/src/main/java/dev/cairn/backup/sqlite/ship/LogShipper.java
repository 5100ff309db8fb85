package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.spi.TimelineLostException;
import dev.cairn.backup.sqlite.capture.CutLog;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * The continuous source of one database: takes it up, follows its log at each beat, tells what is wrong and tries again. What is open is used by its own thread only.
 *
 * <p>After a failure the log stays pinned where shipping stopped, so that nothing is lost, until it has outgrown its limit: then it is let go, so that a disk does not fill because a store is
 * down, and taken up again when it can be, on the same timeline if the log was not restarted meanwhile.
 */
public final class LogShipper implements ContinuousSource {

    private static final Logger LOG = LoggerFactory.getLogger(LogShipper.class);

    /** Bytes of pages in a segment, at most. */
    static final int SEGMENT = 8 * 1024 * 1024;

    /** One that a spool has no room for could never be kept. */
    private static final int SEGMENTS_IN_SPOOL = 4;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final DatabaseSettings settings;
    private final Limits limits;
    private final Beat beat;
    private final CommitIndex index = new CommitIndex();
    private final PageTail tail = new PageTail();

    private volatile Standing standing = Standing.NOWHERE;
    private volatile Optional<String> problem = Optional.of("Not started yet");
    private volatile @Nullable BaseDemand demand;

    // The rest belongs to the thread.
    private @Nullable Attachment attachment;
    private @Nullable LogKeeping keeping;
    private @Nullable Doubt doubt;
    /** Whether the log was let go before all of it was shipped. */
    private boolean behind;

    /** Touches nothing yet. */
    public LogShipper(DatabaseSettings settings, Limits limits) {
        this.settings = settings;
        this.limits = limits;
        this.beat = new Beat(limits.poll(), LONGEST_PAUSE);
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public void start(LogShipping shipping) {
        BaseDemand wanted = new BaseDemand(shipping);
        demand = wanted;
        beat.start(shipping.threads(), "cairn-log-" + settings.name(), new Beat.Work() {

            @Override
            public boolean beat() {
                return LogShipper.this.beat(shipping, wanted);
            }

            @Override
            public void rest() {
                LogShipper.this.rest(shipping, wanted);
            }

            @Override
            public void beginAnew(String why) {
                Doubt before = doubt;
                doubt = new Doubt(why, behind || (before != null && before.gap()));
            }
        });
    }

    /** Looks at the log soon: for a host's commit hook. Any thread; costs less than a microsecond and never throws. */
    public void wakeUp() {
        beat.wake();
    }

    private boolean beat(LogShipping shipping, BaseDemand wanted) {
        try {
            Sight sight;
            try {
                sight = round(shipping, wanted);
            } catch (Doubt e) {
                // At once: what is committed before the new timeline begins is not restorable.
                detach();
                doubt = e;
                sight = round(shipping, wanted);
            }
            // One that is checkpointed whole begins anew at the next commit, however long it is: a host may be idle.
            boolean stuck = sight.bytes() > limits.logBytes() && sight.checkpointed() < sight.frames();
            problem = stuck ? Optional.of(tooLong(sight.bytes())) : Optional.empty();
            return true;
        } catch (Doubt e) {
            detach();
            doubt = e;
            failed(e.why() + "; a new timeline begins", e);
        } catch (TimelineLostException e) {
            detach();
            doubt = new Doubt(String.valueOf(e.getMessage()), true);
            failed(String.valueOf(e.getMessage()), e);
        } catch (BackupException e) {
            letGoIfTooLong();
            failed(e.getMessage() + ". " + e.nextStep(), e);
        } catch (SQLException e) {
            if (SqliteFailure.of(e) != SqliteFailure.BUSY) {
                detach();
            }
            failed(settings.configured() + " cannot be followed: " + e.getMessage(), e);
        } catch (IOException | RuntimeException | Error e) {
            // Any error: a thread that ends would hold its locks and be taken for one that finds nothing to ship.
            detach();
            failed("The log of " + settings.configured() + " cannot be read: " + e, e);
        }
        return false;
    }

    private Sight round(LogShipping shipping, BaseDemand wanted) throws SQLException, IOException, Doubt {
        Attachment at = attachment;
        if (at == null) {
            at = attach(shipping, wanted);
        }
        LogKeeping keeper = keeping;
        if (keeper == null) {
            keeper = new LogKeeping(limits.logBytes());
            keeping = keeper;
        }
        return keeper.round(at);
    }

    private Attachment attach(LogShipping shipping, BaseDemand wanted) throws SQLException, IOException {
        int segmentBytes = (int) Math.min(SEGMENT, limits.spoolBytes() / SEGMENTS_IN_SPOOL);
        Outlet outlet = new Outlet(shipping, index, it -> standing = it, wanted, tail, segmentBytes);
        Attachment made = Attachment.to(settings, outlet, doubt);
        attachment = made;
        keeping = null;
        doubt = null;
        behind = false;
        return made;
    }

    private void detach() {
        standing = Standing.NOWHERE;
        Attachment at = attachment;
        attachment = null;
        if (at != null) {
            behind = true;
            at.close();
        }
    }

    private void letGoIfTooLong() {
        Attachment at = attachment;
        if (at == null) {
            return;
        }
        long bytes = heldBytes(at);
        if (bytes > limits.logBytes()) {
            LOG.warn("The log of {} has {} bytes and cannot be shipped: it is let go", settings.configured(), bytes);
            detach();
        }
    }

    /** Not those of the file, which stays as long as it ever was: a log that was long once would be let go at each failure from then on. */
    private long heldBytes(Attachment at) {
        try {
            return at.session().look().bytes();
        } catch (SQLException | IOException e) {
            LOG.debug("The log of {} cannot be looked at", settings.configured(), e);
            return logBytes();
        }
    }

    private void failed(String what, Throwable cause) {
        Optional<String> now = Optional.of(what);
        if (!now.equals(problem)) {
            LOG.warn("{}", what, cause);
        }
        problem = now;
    }

    private static String tooLong(long bytes) {
        return "The -wal has grown to " + bytes
                + " bytes although all of it is shipped: another connection keeps an old state open."
                + " Look for a transaction or a cursor that is never closed";
    }

    /**
     * Ships the rest if it can be, and lets go. Everything is brought into the main file first, so that it is whole by itself for whoever copies it; and where nobody else has the database open its log
     * goes, as with the last connection of any host: SQLite would apply one that stayed to whatever file an operator puts in the place of this one. What could not be shipped stays, as after a kill: the
     * next process ships it.
     */
    private void rest(LogShipping shipping, BaseDemand wanted) {
        boolean shipped = attachment != null && beat(shipping, wanted);
        Attachment at = attachment;
        if (at != null) {
            try {
                if (shipped) {
                    at.follower().end();
                }
                at.session().checkpoint();
            } catch (SQLException | RuntimeException | Error e) {
                LOG.debug("{} was not let go in order", settings.configured(), e);
            }
        }
        boolean ours = at != null && isInPlace(at);
        detach();
        if (ours && shipped) {
            closeAsLast();
        }
        if (shipped) {
            behind = false;
        }
        problem = Optional.of("Let go");
    }

    private static boolean isInPlace(Attachment at) {
        try {
            return !at.session().isReplaced();
        } catch (IOException e) {
            return false;
        }
    }

    /** Our other connections only read, and such a one leaves the log where it is when it is the last to close. */
    private void closeAsLast() {
        try {
            SQLiteConnection last = Connections.open(settings.files().main(), Duration.ZERO);
            try {
                Connections.number(last, "SELECT count(*) FROM sqlite_schema");
            } finally {
                Connections.closeQuietly(last);
            }
        } catch (SQLException e) {
            LOG.debug("The log of {} was not taken away", settings.configured(), e);
        }
    }

    @Override
    public void pause() {
        beat.pause();
    }

    @Override
    public void resume(String why) {
        beat.resume(why);
    }

    @Override
    public boolean flush(Duration atMost) {
        return beat.now(atMost);
    }

    @Override
    public State state() {
        return new State(standing.position().isPresent() && problem.isEmpty(), logBytes(), problem);
    }

    private long logBytes() {
        try {
            return DatabaseFiles.sizeOf(settings.files().wal());
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        beat.close();
        tail.close();
    }

    /** Tells snapshots where in the log they lie. */
    public CutLog.Source cuts() {
        return (files, context) -> Cut.prepare(this, files, context);
    }

    /** The pages that were changed since the last snapshots. */
    PageTail tail() {
        return tail;
    }

    /** Where the shipper stands now; the same object as long as nothing changes. */
    Standing standing() {
        return standing;
    }

    /** The position behind a frame that a snapshot is pinned at; empty if it is not known by then. */
    Optional<LogPosition> positionBehind(int salt1, int salt2, int frame, Duration atMost) {
        Optional<LogPosition> known = known(salt1, salt2, frame);
        if (known.isEmpty() && standing.position().isPresent() && flush(atMost)) {
            known = known(salt1, salt2, frame);
        }
        return known;
    }

    /** The same, if it is known now. */
    Optional<LogPosition> known(int salt1, int salt2, int frame) {
        return index.find(salt1, salt2, frame);
    }

    /** Takes note that a snapshot is being taken that restores can begin at. */
    void baseTaken() {
        BaseDemand asked = demand;
        if (asked != null) {
            asked.base();
        }
    }
}
