package dev.cairn.backup.cursor;

import dev.cairn.backup.BackupException;

/** A commit or a rewind named a position that has not been fetched. Nothing was changed: going there would skip events. */
public final class AheadOfFetchedException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final long fetched;
    private final long attempted;

    /**
     * @param operation what was tried: "commit" or "rewind"
     * @param fetched up to where has been fetched
     * @param attempted the position that was named
     */
    public AheadOfFetchedException(String operation, long fetched, long attempted) {
        super(
                operation + " to " + attempted + " is ahead of fetched, which is at " + fetched,
                "Fetch the events first, or give a position of at most " + fetched,
                null,
                null);
        this.fetched = fetched;
        this.attempted = attempted;
    }

    /** Up to where has been fetched. */
    public long fetched() {
        return fetched;
    }

    /** The position that was named. */
    public long attempted() {
        return attempted;
    }
}
