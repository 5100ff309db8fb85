package dev.cairn.backup.cursor;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.InvalidValueException;

/** What the host does next about one source. */
public sealed interface RecoveryAction {

    /** How loud the host reports it. */
    AlertSeverity severity();

    /** The one {@link Continue}. */
    static RecoveryAction proceed() {
        return Continue.INSTANCE;
    }

    /** The one {@link RetryFromCommitted}. */
    static RecoveryAction retry() {
        return RetryFromCommitted.INSTANCE;
    }

    /** Read on. */
    record Continue() implements RecoveryAction {

        private static final Continue INSTANCE = new Continue();

        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }
    }

    /** Drop what is in flight and fetch from committed again: {@link CursorWatermarks#retryFromCommitted()}. */
    record RetryFromCommitted() implements RecoveryAction {

        private static final RetryFromCommitted INSTANCE = new RetryFromCommitted();

        @Override
        public AlertSeverity severity() {
            return AlertSeverity.WARN;
        }
    }

    /**
     * Drop what is in flight and go back: {@link CursorWatermarks#safeRewind}, whose limits may still make a full resync of it.
     *
     * @param target the position to read from next
     */
    record SafeRewind(long target) implements RecoveryAction {

        /** @throws InvalidValueException if the target is negative */
        public SafeRewind {
            if (target < 0) {
                throw new InvalidValueException("target", target, "0 or more");
            }
        }

        @Override
        public AlertSeverity severity() {
            return AlertSeverity.WARN;
        }
    }

    /**
     * Discard the rows derived from this source and its part of the state's dedup window; then take them from the source's own state, or from its
     * events from position zero where it still has them all.
     *
     * @param reason why
     */
    record FullResync(ResyncReason reason) implements RecoveryAction {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.WARN;
        }
    }

    /**
     * Stop reading this source and ask an operator.
     *
     * @param reason why
     */
    record Halt(HaltReason reason) implements RecoveryAction {
        @Override
        public AlertSeverity severity() {
            return AlertSeverity.ESCALATE;
        }
    }
}
