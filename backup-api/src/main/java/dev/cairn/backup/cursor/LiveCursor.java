package dev.cairn.backup.cursor;

import java.time.Duration;

/**
 * The cursor of one source while the host runs. Every change names the {@link ReadTerm} that it was begun in; a restore, a rewind and a
 * resync start a new one, so that a reader that was overtaken can neither commit nor fetch. Thread-safe. A refused call changes nothing.
 *
 * <p>It is memory only. The host stores {@link #cursor()} in the transaction that stores what was applied, and puts it into its
 * {@link SnapshotCut}; both inside the lock under which it applies and commits.
 */
public final class LiveCursor {

    private final String source;
    private ReadTerm term;
    private SourceCursor cursor;

    private LiveCursor(String source, ReadTerm term, SourceCursor cursor) {
        this.source = source;
        this.term = term;
        this.cursor = cursor;
    }

    /**
     * At start-up: reads on from committed, because what was in flight died with the process.
     *
     * @param source the source's name: 1 to 200 characters
     * @param epoch the current epoch
     * @param cursor the cursor as it was stored
     */
    public static LiveCursor resume(String source, TimelineEpoch epoch, SourceCursor cursor) {
        return new LiveCursor(Name.checked("source", source), new ReadTerm(epoch, 0), cursor.retryFromCommitted());
    }

    /** The source's name. */
    public String source() {
        return source;
    }

    /** The cursor now. */
    public synchronized SourceCursor cursor() {
        return cursor;
    }

    /** The term now; take it before fetching. */
    public synchronized ReadTerm term() {
        return term;
    }

    /**
     * Refuses a reader that was overtaken. Call it before applying a batch, inside the lock under which it is also committed.
     *
     * @throws StaleEpochException if a restore lies between
     * @throws StaleReadException if a rewind or a resync lies between
     */
    public synchronized void admit(ReadTerm attempted) {
        term.epoch().admit(attempted.epoch());
        if (attempted.number() != term.number()) {
            throw new StaleReadException(source, term, attempted);
        }
    }

    /** {@link CursorWatermarks#advanceFetched(long)} under a term that still holds; throws as that and {@link #admit} do. */
    public synchronized void advanceFetched(ReadTerm attempted, long position) {
        admit(attempted);
        cursor = cursor.advanceFetched(position);
    }

    /** {@link CursorWatermarks#commit(long)} under a term that still holds; throws as that and {@link #admit} do. */
    public synchronized void commit(ReadTerm attempted, long position) {
        admit(attempted);
        cursor = cursor.commit(position);
    }

    /**
     * Carries out {@link RecoveryAction.RetryFromCommitted}.
     *
     * @return the new term
     */
    public synchronized ReadTerm retryFromCommitted(ReadTerm attempted) {
        admit(attempted);
        return begin(term.next(), cursor.retryFromCommitted());
    }

    /**
     * Carries out {@link RecoveryAction.SafeRewind}. A new term begins if the outcome is {@link RewindOutcome.Rewound}; otherwise
     * nothing has changed. Throws as {@link SourceCursor#safeRewind} and {@link #admit} do.
     */
    public synchronized RewindOutcome safeRewind(
            ReadTerm attempted, long target, Duration ageOfTarget, RewindLimits limits) {
        admit(attempted);
        RewindOutcome outcome = cursor.safeRewind(target, ageOfTarget, limits);
        if (outcome instanceof RewindOutcome.Rewound rewound) {
            begin(term.next(), cursor.rewound(rewound));
        }
        return outcome;
    }

    /**
     * Ends a {@link RecoveryAction.FullResync}: the rows now are the source's own state as of a position. Call it inside the lock
     * under which the rows were replaced.
     *
     * @param incarnation the source's incarnation
     * @param position that position; zero when the rows are empty and every event is to be read anew
     * @return the new term
     */
    public synchronized ReadTerm resynced(ReadTerm attempted, String incarnation, long position) {
        admit(attempted);
        return begin(term.next(), SourceCursor.resynced(incarnation, position));
    }

    /**
     * A restore replaced the state below a running host.
     *
     * @param next the epoch that the restore minted
     * @param restored the cursor out of the snapshot, never one that was read elsewhere
     * @return the new term
     * @throws StaleEpochException if the epoch is not newer than the current one
     */
    public synchronized ReadTerm restored(TimelineEpoch next, SourceCursor restored) {
        if (next.compareTo(term.epoch()) <= 0) {
            throw new StaleEpochException(term.epoch(), next);
        }
        return begin(new ReadTerm(next, 0), restored.retryFromCommitted());
    }

    private ReadTerm begin(ReadTerm next, SourceCursor from) {
        term = next;
        cursor = from;
        return next;
    }
}
