package dev.cairn.backup.cursor;

import java.time.Duration;

/** What came of a safe rewind. */
public sealed interface RewindOutcome {

    /** What the host does next. */
    RecoveryAction action();

    /**
     * Both watermarks are where they should be. The events from there on come again; the state's dedup window tells which of them the state
     * holds already.
     *
     * @param watermarks the new watermarks
     */
    record Rewound(CursorWatermarks watermarks) implements RewindOutcome {
        @Override
        public RecoveryAction action() {
            return RecoveryAction.proceed();
        }
    }

    /**
     * The target lies more events back than allowed. Nothing was changed.
     *
     * @param requested how many events back the target is
     * @param limit how many are allowed
     */
    record TooManyEvents(long requested, long limit) implements RewindOutcome {
        @Override
        public RecoveryAction action() {
            return new RecoveryAction.FullResync(ResyncReason.REWIND_LIMIT);
        }
    }

    /**
     * The target is older than allowed. Nothing was changed.
     *
     * @param requested the target's age
     * @param limit the greatest age allowed
     */
    record TooOld(Duration requested, Duration limit) implements RewindOutcome {
        @Override
        public RecoveryAction action() {
            return new RecoveryAction.FullResync(ResyncReason.REWIND_LIMIT);
        }
    }

    /**
     * The target lies before the state that the last resync took over, whose events cannot be told from new ones. Nothing was changed.
     *
     * @param requested the target
     * @param base the position of that state
     */
    record BelowBase(long requested, long base) implements RewindOutcome {
        @Override
        public RecoveryAction action() {
            return new RecoveryAction.FullResync(ResyncReason.REWIND_LIMIT);
        }
    }
}
