package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that a {@link ReplayFence} knows, as a value to be stored outside every dataset.
 *
 * @param epoch the current epoch
 * @param seenUntil the latest time at which the fence was asked
 * @param forgottenUntil tokens issued before this are refused, for their uses may have been forgotten
 * @param fencedUntil tokens without an epoch that are stamped until this, inclusively, are refused; {@link Instant#MIN} when there was no restore yet
 * @param used the tokens used and not forgotten, each once
 */
public record ReplayFenceState(
        TimelineEpoch epoch, Instant seenUntil, Instant forgottenUntil, Instant fencedUntil, List<UsedToken> used) {

    /** @throws InvalidValueException if a token stands there twice */
    public ReplayFenceState {
        used = List.copyOf(used);
        Set<String> tokens = new HashSet<>();
        for (UsedToken one : used) {
            if (!tokens.add(one.token())) {
                throw new InvalidValueException("used token", one.token(), "each token once");
            }
        }
    }

    /** A fence that has seen nothing. */
    public static ReplayFenceState start(TimelineEpoch epoch) {
        return new ReplayFenceState(epoch, Instant.MIN, Instant.MIN, Instant.MIN, List.of());
    }

    /**
     * The state after a restore or the loss of the newest state: whatever could have been used since this state was stored is refused.
     * Tokens that carry an epoch are told apart by it; those that do not, by their stamp, with the clocks' difference on top, for a
     * token used just before may be stamped ahead.
     *
     * @param next the epoch that was minted
     * @param restoredAt when, by the host's wall clock; taken to be no earlier than what the fence has already seen
     * @param skew the greatest difference between the issuers' clocks and the host's
     * @throws StaleEpochException if the epoch is not newer
     */
    public ReplayFenceState restored(TimelineEpoch next, Instant restoredAt, Duration skew) {
        if (next.compareTo(epoch) <= 0) {
            throw new StaleEpochException(epoch, next);
        }
        Instant until = plus(later(restoredAt, seenUntil), skew);
        return new ReplayFenceState(
                next, later(restoredAt, seenUntil), forgottenUntil, later(until, fencedUntil), used);
    }

    static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant plus(Instant instant, Duration duration) {
        try {
            return instant.plus(duration);
        } catch (DateTimeException | ArithmeticException afterAllTime) {
            return Instant.MAX;
        }
    }
}
