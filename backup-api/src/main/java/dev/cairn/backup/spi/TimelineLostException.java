package dev.cairn.backup.spi;

import dev.cairn.backup.BackupException;

/** A dataset's log is shipped by somebody else too, so that this timeline cannot be gone on with. */
public final class TimelineLostException extends BackupException {

    private static final long serialVersionUID = 1L;

    /** @param segment the segment that somebody else has put */
    public TimelineLostException(String segment) {
        super(
                "Segment '" + segment + "' was put by somebody else",
                "Protect each database by one process only; a new timeline is begun",
                null,
                null);
    }
}
