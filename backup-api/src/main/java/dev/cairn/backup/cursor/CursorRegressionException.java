package dev.cairn.backup.cursor;

import dev.cairn.backup.BackupException;

/** A watermark was to be moved back by a call that only moves forward. Nothing was changed. */
public final class CursorRegressionException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final long current;
    private final long attempted;

    /**
     * @param watermark the watermark's name
     * @param current where it is
     * @param attempted where it was to go
     */
    public CursorRegressionException(String watermark, long current, long attempted) {
        super(
                watermark + " is at " + current + " and cannot go back to " + attempted,
                "Use safeRewind to go back on purpose; else the event was handled twice or out of order",
                null,
                null);
        this.current = current;
        this.attempted = attempted;
    }

    /** Where the watermark is. */
    public long current() {
        return current;
    }

    /** Where it was to go. */
    public long attempted() {
        return attempted;
    }
}
