package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.PageChanges;
import dev.cairn.backup.sqlite.capture.CutLog;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.wal.WalFile;
import dev.cairn.backup.sqlite.wal.WalHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Tells where exactly in the log a snapshot's pin stands: the log is looked at before and after the pin is taken, and if nothing was committed in between, the pin stands behind the last frame. Costs two
 * looks of 0.01 ms inside the barrier. Opened before it; the position is asked for after it.
 *
 * <p>One thread at a time until the pin is taken; any thread after that.
 */
final class Cut implements CutLog {

    /** How often to pin again because somebody committed in between, which takes longer than a look. */
    private static final int TRIES = 10;

    /** https://www.sqlite.org/fileformat2.html, 4.1. */
    private static final int FRAME_HEADER = 24;

    private static final Logger LOG = LoggerFactory.getLogger(Cut.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Between two looks whether the log grows too long while its shipping is waited for. */
    private static final Duration SLICE = Duration.ofMillis(250);

    private final LogShipper shipper;
    private final SQLiteConnection connection;
    private final LogCounts counts;
    private final long frameBytes;
    private final Optional<String> main;
    // Not a channel: the barrier's thread is the host's, and an interrupt of it must not close the log under us.
    private final RandomAccessFile wal;
    private final byte[] header = new byte[WalHeader.BYTES];
    private final byte[] headerBefore = new byte[WalHeader.BYTES];

    private int framesBefore;
    private Standing standingBefore = Standing.NOWHERE;
    private @Nullable WalHeader generation;
    private int frame;
    private @Nullable LogPosition position;
    private volatile @Nullable LogPosition seen;
    private boolean asked;
    private boolean lost;

    private Cut(LogShipper shipper, SQLiteConnection connection, RandomAccessFile wal, Optional<String> main)
            throws SQLException {
        this.shipper = shipper;
        this.connection = connection;
        this.wal = wal;
        this.main = main;
        this.counts = new LogCounts(connection);
        this.frameBytes = Connections.number(connection, "PRAGMA page_size") + FRAME_HEADER;
    }

    /** Opens what the look needs; empty if the log is not being followed. A failure to open costs the snapshot its position only. */
    static Optional<CutLog> prepare(LogShipper shipper, DatabaseFiles files, CaptureContext context) {
        if (shipper.standing().position().isEmpty()) {
            return Optional.empty();
        }
        SQLiteConnection connection = null;
        RandomAccessFile wal = null;
        try {
            connection = Connections.openReadOnly(files.main(), Duration.ZERO);
            Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
            wal = new RandomAccessFile(files.wal().toFile(), "r");
            Cut cut = new Cut(shipper, connection, wal, DatabaseFiles.keyOf(files.main()));
            cut.before();
            shipper.tail().prepare(context, Connections.number(connection, "PRAGMA page_count"));
            return Optional.of(cut);
        } catch (SQLException | IOException e) {
            LOG.warn("The log of {} cannot be looked at: the snapshot will have no position", files.main(), e);
            close(connection, wal);
            return Optional.empty();
        }
    }

    @Override
    public void pin(Step pin, Step unpin) throws SQLException {
        shipper.tail().watch(this);
        for (int i = 1; ; i++) {
            boolean looked = attempt(this::before);
            pin.run();
            if (looked && attempt(this::settles)) {
                WalHeader in = generation;
                Optional<LogPosition> known = Optional.ofNullable(position);
                shipper.tail().taken(this, () -> in == null ? known : see(in));
                return;
            }
            if (!looked || i == TRIES) {
                generation = null;
                position = null;
                lost = true;
                return;
            }
            unpin.run();
        }
    }

    /** Noted as soon as it is known: whoever feeds a slow store asks for it when the log has forgotten that generation. */
    private Optional<LogPosition> see(WalHeader in) {
        Optional<LogPosition> found = shipper.known(in.salt1(), in.salt2(), frame);
        found.ifPresent(it -> seen = it);
        return found;
    }

    @Override
    public boolean isLost() {
        return lost;
    }

    private static boolean attempt(Look look) {
        try {
            return look.look();
        } catch (SQLException | IOException e) {
            LOG.debug("The log cannot be looked at", e);
            return false;
        }
    }

    private boolean before() throws SQLException, IOException {
        standingBefore = shipper.standing();
        read(headerBefore);
        counts.ask();
        framesBefore = counts.frames();
        return true;
    }

    private boolean settles() throws SQLException, IOException {
        counts.ask();
        read(header);
        if (counts.frames() != framesBefore || !Arrays.equals(header, headerBefore)) {
            return false;
        }
        frame = framesBefore;
        if (framesBefore == 0) {
            // The log is empty. The shipper's pin keeps in it what is not shipped, so that all is shipped which is
            // pinned.
            position = standingBefore.position().orElse(null);
            // Unless that is in another file's log: one that took the place of what the shipper has open, or the
            // reverse.
            return position != null
                    && standingBefore.settled()
                    && standingBefore.main().equals(main)
                    && shipper.standing() == standingBefore;
        }
        generation = WalFile.headerOf(header).orElse(null);
        return generation != null;
    }

    /** Where the pin stands in the timeline. Waits until that is shipped; empty if it is not within some seconds. */
    @Override
    public synchronized Optional<LogPosition> position() {
        if (!asked) {
            asked = true;
            WalHeader in = generation;
            if (in != null) {
                position = Optional.ofNullable(seen).or(() -> awaited(in)).orElse(null);
            }
            if (position != null) {
                shipper.tail().cut(this, position);
                shipper.baseTaken();
            } else {
                shipper.tail().unwatch(this);
            }
        }
        return Optional.ofNullable(position);
    }

    private Optional<LogPosition> awaited(WalHeader in) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            long begun = System.nanoTime();
            Optional<LogPosition> found = shipper.positionBehind(in.salt1(), in.salt2(), frame, SLICE);
            // Before its time is over: it cannot be shipped at present.
            boolean refused = System.nanoTime() - begun < SLICE.toNanos();
            if (found.isPresent() || refused || System.nanoTime() > end || isOutgrown()) {
                return found;
            }
        }
    }

    /**
     * What is pinned keeps the log from beginning anew. Counts only if a quarter of the limit came since the pin was taken: what another reader holds is not freed by letting go of this one.
     */
    @Override
    public boolean isOutgrown() {
        if (lost) {
            return false;
        }
        long limit = shipper.limits().logBytes();
        synchronized (counts) {
            try {
                counts.ask();
            } catch (SQLException e) {
                LOG.debug("The log cannot be looked at", e);
                return false;
            }
            long bytes = counts.frames() * frameBytes;
            return bytes > limit / 16 * 15 && bytes - frame * frameBytes > limit / 4;
        }
    }

    @Override
    public Optional<PageChanges> changesSince(LogPosition earlier) {
        return position().flatMap(it -> shipper.tail().between(earlier, it));
    }

    @Override
    public void insufficient() {
        shipper.tail().close();
    }

    private void read(byte[] into) throws IOException {
        wal.seek(0);
        if (wal.read(into) < into.length) {
            Arrays.fill(into, (byte) 0);
        }
    }

    /** Lets go of what {@link #prepare} opened; the position can still be asked for. */
    @Override
    public synchronized void close() {
        if (!asked) {
            asked = true;
            position = null;
            shipper.tail().unwatch(this);
        }
        close(connection, wal);
    }

    private static void close(@Nullable SQLiteConnection connection, @Nullable RandomAccessFile wal) {
        if (connection != null) {
            Connections.closeQuietly(connection);
        }
        if (wal != null) {
            try {
                wal.close();
            } catch (IOException e) {
                LOG.debug("Closing a log failed", e);
            }
        }
    }

    @FunctionalInterface
    private interface Look {
        boolean look() throws SQLException, IOException;
    }
}
