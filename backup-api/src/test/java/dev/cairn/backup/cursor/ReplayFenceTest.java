package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, factory 4; SONIA's confirmations. */
class ReplayFenceTest {

    private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final TokenLimits LIMITS = new TokenLimits(Duration.ofSeconds(60), SKEW, 100);
    private static final TimelineEpoch ONE = TimelineEpoch.first();
    private static final TimelineEpoch TWO = ONE.next();

    private final ReplayFence fence = ReplayFence.of(LIMITS, ReplayFenceState.start(ONE));

    @Test
    void aTokenIsAcceptedOnce() {
        assertEquals(TokenUse.ACCEPTED, use(fence, "a", 0, 1));
        assertEquals(TokenUse.ALREADY_USED, use(fence, "a", 0, 2));
        assertEquals(TokenUse.ACCEPTED, use(fence, "b", 0, 2));
    }

    @Test
    void aTokenIsValidForItsLifetimeAndForgottenOnlyAfterIt() {
        assertEquals(TokenUse.ACCEPTED, use(fence, "a", 0, 60));
        assertEquals(TokenUse.ALREADY_USED, use(fence, "a", 0, 60));
        assertEquals(TokenUse.EXPIRED, use(fence, "a", 0, 61));
        assertEquals(0, fence.state().used().size());
    }

    @Test
    void aClockThatIsSetBackOpensNothing() {
        assertEquals(TokenUse.ACCEPTED, use(fence, "a", 0, 1));
        assertEquals(TokenUse.EXPIRED, use(fence, "z", 0, 100));
        assertEquals(TokenUse.EXPIRED, use(fence, "a", 0, 2));
    }

    @Test
    void aTokenOfTheFutureIsRefusedBeyondTheSkew() {
        assertEquals(TokenUse.ACCEPTED, use(fence, "a", 5, 0));
        assertEquals(TokenUse.NOT_YET_VALID, use(fence, "b", 6, 0));
        assertEquals(TokenUse.NOT_YET_VALID, fence.use(TWO, "c", T, T));
    }

    @Test
    void aFullFenceRefusesAndForgetsNothing() {
        ReplayFence small =
                ReplayFence.of(new TokenLimits(Duration.ofSeconds(60), SKEW, 1), ReplayFenceState.start(ONE));
        assertEquals(TokenUse.ACCEPTED, use(small, "a", 0, 0));
        assertEquals(TokenUse.FULL, use(small, "b", 1, 1));
        assertEquals(TokenUse.ALREADY_USED, use(small, "a", 0, 1));
        assertEquals(TokenUse.ACCEPTED, use(small, "b", 1, 61), "the first has expired");
    }

    @Test
    void aTokenUsedAfterTheStateWasStoredIsRefusedAfterTheRestore() {
        ReplayFenceState stored = fence.state();
        assertEquals(TokenUse.ACCEPTED, use(fence, "foreign", 4, 1));
        assertEquals(TokenUse.ACCEPTED, fence.use(ONE, "own", T, T.plusSeconds(2)));
        ReplayFence restored = ReplayFence.of(LIMITS, stored.restored(TWO, T.plusSeconds(3), SKEW));
        assertEquals(TokenUse.BEFORE_RESTORE, use(restored, "foreign", 4, 4), "stamped ahead, within the skew");
        assertEquals(TokenUse.BEFORE_RESTORE, restored.use(ONE, "own", T, T.plusSeconds(4)));
        assertEquals(TokenUse.BEFORE_RESTORE, use(restored, "at the fence", 8, 4));
        assertEquals(TokenUse.ACCEPTED, use(restored, "past the fence", 9, 4));
        assertEquals(TokenUse.ACCEPTED, restored.use(TWO, "of the new epoch", T.plusSeconds(3), T.plusSeconds(4)));
    }

    @Test
    void whatWasUsedBeforeIsStillKnownAfterTheRestore() {
        fence.use(ONE, "own", T, T);
        ReplayFence restored = ReplayFence.of(LIMITS, fence.state().restored(TWO, T.plusSeconds(1), SKEW));
        assertEquals(TokenUse.ALREADY_USED, restored.use(TWO, "own", T, T.plusSeconds(2)));
    }

    @Test
    void aRestoreNeedsANewEpochAndTakesTheLaterOfTheClocks() {
        use(fence, "a", 0, 50);
        use(fence, "b", 19, 20);
        ReplayFenceState state = fence.state();
        assertThrows(StaleEpochException.class, () -> state.restored(ONE, T, SKEW));
        assertEquals(
                T.plusSeconds(55), state.restored(TWO, T.plusSeconds(10), SKEW).fencedUntil());
    }

    @Test
    void theStateComesBackAsItWas() {
        use(fence, "b", 0, 1);
        use(fence, "a", 0, 1);
        use(fence, "c", -50, 2);
        ReplayFenceState state = fence.state();
        assertEquals(state, ReplayFence.of(LIMITS, state).state());
        assertEquals(
                List.of("c", "a", "b"),
                state.used().stream().map(UsedToken::token).toList());
    }

    @Test
    void valuesThatCannotBeAreRefused() {
        UsedToken token = new UsedToken("a", T);
        assertThrows(
                InvalidValueException.class,
                () -> new ReplayFenceState(ONE, T, T, T, List.of(token, new UsedToken("a", T.plusSeconds(1)))));
        assertThrows(InvalidValueException.class, () -> new UsedToken("", T));
        assertThrows(InvalidValueException.class, () -> new TokenLimits(Duration.ZERO, SKEW, 1));
        assertThrows(InvalidValueException.class, () -> new TokenLimits(SKEW, Duration.ofSeconds(-1), 1));
        assertThrows(InvalidValueException.class, () -> new TokenLimits(SKEW, SKEW, 0));
        ReplayFenceState two = new ReplayFenceState(ONE, T, T, T, List.of(token, new UsedToken("b", T)));
        TokenLimits one = new TokenLimits(SKEW, SKEW, 1);
        assertThrows(LimitExceededException.class, () -> ReplayFence.of(one, two));
    }

    @Test
    void ofManyThreadsWithOneTokenOneIsAccepted() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier together = new CyclicBarrier(threads);
        try {
            for (int round = 0; round < 50; round++) {
                String token = "t" + round;
                Callable<TokenUse> one = () -> {
                    together.await();
                    return fence.use(ONE, token, T, T);
                };
                int accepted = 0;
                for (Future<TokenUse> use : pool.invokeAll(Collections.nCopies(threads, one))) {
                    accepted += use.get() == TokenUse.ACCEPTED ? 1 : 0;
                }
                assertEquals(1, accepted, token);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    enum Event {
        USE_OWN,
        USE_FOREIGN,
        STORE,
        /** The process dies; its fence goes on from what was stored last, as after a restore. */
        LOSE
    }

    record Step(Event event, int token, int pass, int ahead) {}

    /** The model never forgets anything: no token is ever accepted twice, whatever was lost, and fresh ones are accepted. */
    @Property
    void noTokenIsEverAcceptedTwice(@ForAll("steps") List<Step> steps) {
        ReplayFence subject = ReplayFence.of(LIMITS, ReplayFenceState.start(ONE));
        ReplayFenceState stored = subject.state();
        TimelineEpoch epoch = ONE;
        Set<String> ever = new HashSet<>();
        List<UsedToken> issued = new ArrayList<>();
        List<TimelineEpoch> epochs = new ArrayList<>();
        Instant now = T;
        for (Step step : steps) {
            now = now.plusSeconds(step.pass());
            if (step.event() == Event.STORE) {
                stored = subject.state();
                continue;
            }
            if (step.event() == Event.LOSE) {
                epoch = epoch.next();
                stored = stored.restored(epoch, now, SKEW);
                subject = ReplayFence.of(LIMITS, stored);
                continue;
            }
            while (issued.size() <= step.token()) {
                issued.add(new UsedToken("t" + issued.size(), now.plusSeconds(step.ahead())));
                epochs.add(epoch);
            }
            UsedToken token = issued.get(step.token());
            boolean own = step.event() == Event.USE_OWN;
            TokenUse use = own
                    ? subject.use(epochs.get(step.token()), token.token(), token.issuedAt(), now)
                    : subject.use(token.token(), token.issuedAt(), now);
            boolean fresh = !ever.contains(token.token());
            if (use == TokenUse.ACCEPTED) {
                assertTrue(fresh, () -> token + " twice in " + steps);
                ever.add(token.token());
            } else if (own && fresh && epochs.get(step.token()).equals(epoch)) {
                assertFalse(
                        !now.isAfter(token.issuedAt().plusSeconds(60)), () -> token + " is " + use + " in " + steps);
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(
                                Event.USE_OWN,
                                Event.USE_OWN,
                                Event.USE_FOREIGN,
                                Event.USE_FOREIGN,
                                Event.STORE,
                                Event.LOSE),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.integers().between(-5, 5))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    private static TokenUse use(ReplayFence fence, String token, long issuedAt, long now) {
        return fence.use(token, T.plusSeconds(issuedAt), T.plusSeconds(now));
    }
}
