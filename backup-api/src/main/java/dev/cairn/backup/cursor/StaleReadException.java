package dev.cairn.backup.cursor;

import dev.cairn.backup.BackupException;

/**
 * A fetch or a commit was begun before the cursor was rewound or resynchronized. Nothing was changed: its positions may mean other events
 * now.
 */
public final class StaleReadException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final transient ReadTerm current;
    private final transient ReadTerm attempted;

    /**
     * @param source the source's name
     * @param current the term that holds now
     * @param attempted the term that the call came from
     */
    public StaleReadException(String source, ReadTerm current, ReadTerm attempted) {
        super(
                "term " + attempted.number() + " of source '" + source + "' is over, term " + current.number()
                        + " holds",
                "Drop what was read in that term and read on from the cursor",
                null,
                null);
        this.current = current;
        this.attempted = attempted;
    }

    /** The term that holds now. */
    public ReadTerm current() {
        return current;
    }

    /** The term that the call came from. */
    public ReadTerm attempted() {
        return attempted;
    }
}
