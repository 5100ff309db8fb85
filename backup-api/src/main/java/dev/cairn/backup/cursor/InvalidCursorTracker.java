package dev.cairn.backup.cursor;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often in a row one source has called the cursor invalid. A single time is retried from committed; the third within 60 seconds
 * forces a full resync. A valid event, or 60 seconds without an invalid one, clears the streak. Thread-safe; one per source. It starts empty
 * with each process: a restart is no reason to resync sooner.
 */
public final class InvalidCursorTracker {

    /** The span within which three force a full resync, and the time after which the streak is forgotten. */
    public static final Duration WINDOW = Duration.ofSeconds(60);

    /** The last but one and the last of the streak; null when it is shorter. */
    private @Nullable Instant earlier;

    private @Nullable Instant last;

    private InvalidCursorTracker() {}

    /** A tracker without a streak. */
    public static InvalidCursorTracker start() {
        return new InvalidCursorTracker();
    }

    /**
     * The source called the cursor invalid.
     *
     * @param now the present; if it goes back, no time has passed and the streak goes on
     * @return {@link RecoveryAction.RetryFromCommitted}, or {@link RecoveryAction.FullResync}, which also clears the streak
     */
    public synchronized RecoveryAction invalid(Instant now) {
        if (last != null && Duration.between(last, now).compareTo(WINDOW) >= 0) {
            valid();
        }
        if (earlier != null && Duration.between(earlier, now).compareTo(WINDOW) <= 0) {
            valid();
            return new RecoveryAction.FullResync(ResyncReason.INVALID_STREAK);
        }
        earlier = last;
        last = now;
        return RecoveryAction.retry();
    }

    /** An event was read with this cursor, or the source was resynchronized: the streak is over. */
    public synchronized void valid() {
        earlier = null;
        last = null;
    }
}
