package dev.cairn.backup.cursor;

/**
 * How a cursor relates to what its source can deliver. None of the findings leads to the source's latest position: whatever lies between
 * would be lost without a trace.
 */
public sealed interface CursorFinding {

    /** What the host does about it. */
    RecoveryAction action();

    /**
     * Compares a cursor with its source. The incarnation is compared first; then the next position to fetch, since that is where the source
     * will be asked to read.
     *
     * @param cursor the cursor
     * @param range what the source says
     */
    static CursorFinding of(SourceCursor cursor, SourceRange range) {
        if (!cursor.incarnation().equals(range.incarnation())) {
            return new OtherIncarnation(cursor.incarnation(), range.incarnation());
        }
        if (cursor.fetched() < range.beginning()) {
            return new BeforeBeginning(cursor.fetched(), range.beginning());
        }
        if (cursor.fetched() > range.end()) {
            return new BeyondEnd(cursor.fetched(), cursor.committed(), range.end());
        }
        return new Readable(cursor.fetched());
    }

    /**
     * The source has the next event or will have it.
     *
     * @param position the next position to fetch
     */
    record Readable(long position) implements CursorFinding {
        @Override
        public RecoveryAction action() {
            return RecoveryAction.proceed();
        }
    }

    /**
     * The source ends before the cursor. As long as it still has all that was applied, what was in flight is dropped and read again from committed.
     * If not, the host's state holds events that the source has lost: both going on and starting over would destroy something, so an
     * operator decides.
     *
     * @param fetched the next position to fetch
     * @param committed the next position to apply
     * @param end the source's end
     */
    record BeyondEnd(long fetched, long committed, long end) implements CursorFinding {
        @Override
        public RecoveryAction action() {
            return committed <= end
                    ? new RecoveryAction.SafeRewind(committed)
                    : new RecoveryAction.Halt(HaltReason.SOURCE_LOST_APPLIED_EVENTS);
        }
    }

    /**
     * The source has compacted away the next event. What lies between is only to be had from the source's own state.
     *
     * @param fetched the next position to fetch
     * @param beginning the oldest position that the source still has
     */
    record BeforeBeginning(long fetched, long beginning) implements CursorFinding {
        @Override
        public RecoveryAction action() {
            return new RecoveryAction.FullResync(ResyncReason.COMPACTED);
        }
    }

    /**
     * The source is not the one that the cursor was counted in. Its positions mean other events, even where the numbers fit.
     *
     * @param expected the cursor's incarnation
     * @param found the source's incarnation
     */
    record OtherIncarnation(String expected, String found) implements CursorFinding {
        @Override
        public RecoveryAction action() {
            return new RecoveryAction.FullResync(ResyncReason.OTHER_INCARNATION);
        }
    }
}
