package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets each one-time token (a nonce, a confirmation) through once. Looking and remembering are one step: of many threads that bring one token, one is
 * accepted. In doubt it refuses. Thread-safe.
 *
 * <p>It is memory. Store the token, or {@link #state()}, durably before acting on {@link TokenUse#ACCEPTED}. When the newest state was lost or rolled
 * back, go on with {@link ReplayFenceState#restored}: a token issued before that is never accepted again.
 *
 * <p>Its time never goes back: a clock that once ran ahead makes it refuse tokens as expired until real time has caught up.
 */
public final class ReplayFence {

    private final TokenLimits limits;
    private final TimelineEpoch epoch;
    private final Instant fencedUntil;
    private final Set<String> tokens = new HashSet<>();
    private final PriorityQueue<UsedToken> byIssue = new PriorityQueue<>(Comparator.comparing(UsedToken::issuedAt));
    private Instant seenUntil;
    private Instant forgottenUntil;

    private ReplayFence(TokenLimits limits, ReplayFenceState state) {
        this.limits = limits;
        this.epoch = state.epoch();
        this.fencedUntil = state.fencedUntil();
        this.seenUntil = state.seenUntil();
        this.forgottenUntil = state.forgottenUntil();
        state.used().forEach(this::remember);
    }

    /**
     * @param limits what is accepted
     * @param state what is known
     * @throws LimitExceededException if that is more than the limits allow
     */
    public static ReplayFence of(TokenLimits limits, ReplayFenceState state) {
        if (state.used().size() > limits.capacity()) {
            throw new LimitExceededException(
                    "the number of used tokens",
                    state.used().size(),
                    limits.capacity(),
                    "Give the fence a greater capacity");
        }
        return new ReplayFence(limits, state);
    }

    /**
     * Uses a token that carries the epoch in which the host issued it.
     *
     * @param issuedIn that epoch; an older one is refused, and so is one that is yet to come
     * @param token what identifies it
     * @param issuedAt when it was issued
     * @param now the host's wall clock
     * @throws InvalidValueException if the token's id is not allowed
     */
    public TokenUse use(TimelineEpoch issuedIn, String token, Instant issuedAt, Instant now) {
        return use(issuedIn, new UsedToken(token, issuedAt), now);
    }

    /**
     * Uses a token that somebody else issued, who knows nothing of epochs.
     *
     * @param token what identifies it
     * @param issuedAt its stamp, which must be part of what its signature covers
     * @param now the host's wall clock
     * @throws InvalidValueException if the token's id is not allowed
     */
    public TokenUse use(String token, Instant issuedAt, Instant now) {
        return use(null, new UsedToken(token, issuedAt), now);
    }

    /** All it knows. Takes time in proportion to it. */
    public synchronized ReplayFenceState state() {
        List<UsedToken> used = new ArrayList<>(byIssue);
        used.sort(Comparator.comparing(UsedToken::issuedAt).thenComparing(UsedToken::token));
        return new ReplayFenceState(epoch, seenUntil, forgottenUntil, fencedUntil, used);
    }

    private synchronized TokenUse use(@Nullable TimelineEpoch issuedIn, UsedToken token, Instant now) {
        seenUntil = ReplayFenceState.later(seenUntil, now);
        forgetExpired();
        if (tokens.contains(token.token())) {
            return TokenUse.ALREADY_USED;
        }
        if (isFenced(issuedIn, token.issuedAt())) {
            return TokenUse.BEFORE_RESTORE;
        }
        if (issuedIn != null && issuedIn.compareTo(epoch) > 0
                || Duration.between(now, token.issuedAt()).compareTo(limits.skew()) > 0) {
            return TokenUse.NOT_YET_VALID;
        }
        if (token.issuedAt().isBefore(forgottenUntil)) {
            return TokenUse.EXPIRED;
        }
        if (tokens.size() >= limits.capacity()) {
            return TokenUse.FULL;
        }
        remember(token);
        return TokenUse.ACCEPTED;
    }

    private boolean isFenced(@Nullable TimelineEpoch issuedIn, Instant issuedAt) {
        return issuedIn == null ? !issuedAt.isAfter(fencedUntil) : issuedIn.compareTo(epoch) < 0;
    }

    private void remember(UsedToken token) {
        tokens.add(token.token());
        byIssue.add(token);
    }

    private void forgetExpired() {
        try {
            forgottenUntil = ReplayFenceState.later(forgottenUntil, seenUntil.minus(limits.lifetime()));
        } catch (DateTimeException | ArithmeticException beforeAllTime) {
            return; // Nothing can have expired yet.
        }
        for (UsedToken oldest = byIssue.peek();
                oldest != null && oldest.issuedAt().isBefore(forgottenUntil);
                oldest = byIssue.peek()) {
            byIssue.remove();
            tokens.remove(oldest.token());
        }
    }
}
