package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import java.sql.SQLException;
import java.util.Optional;

/** A change log that can tell where in it a pin stands. Opened before the barrier. */
public interface CutLog extends FrozenLog {

    /**
     * Takes a pin so that it is known where it stands, again if somebody committed just then; the last one taken stays even if it is not known.
     *
     * @throws SQLException if pinning fails; a failure to look at the log costs the position only
     */
    void pin(Step pin, Step unpin) throws SQLException;

    /** Whether a pin was taken of which nobody knows where it stands. */
    boolean isLost();

    /** Something that is done with a connection. */
    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }

    /** Opens the log of a database that is being followed. */
    @FunctionalInterface
    interface Source {

        /** Of a database that is not protected continuously. */
        Source NONE = (files, context) -> Optional.empty();

        /** Empty if the log is not being followed now. Never throws: a snapshot can do without. */
        Optional<CutLog> open(DatabaseFiles files, CaptureContext context);
    }
}
