package dev.cairn.backup.spi;

import dev.cairn.backup.BackupException;

/** A dataset's log cannot be gone on with on this timeline: it is shipped by somebody else too, or what waited to be stored is damaged. */
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

    /**
     * @param segment the segment that waited for the repository
     * @param damage what is wrong with it
     */
    public TimelineLostException(String segment, BackupException damage) {
        super(
                "Segment '" + segment + "' was kept in the state store and cannot be read there any more",
                "Look after the disk of the state store; a new timeline is begun",
                null,
                damage);
    }
}
