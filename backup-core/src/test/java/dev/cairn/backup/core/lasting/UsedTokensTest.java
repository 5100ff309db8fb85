package dev.cairn.backup.core.lasting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.cursor.StaleEpochException;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.cursor.TokenLimits;
import dev.cairn.backup.cursor.TokenUse;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** One-time tokens that stay used. */
class UsedTokensTest {

    private static final TimelineEpoch FIRST = TimelineEpoch.first();
    private static final TokenLimits LIMITS = new TokenLimits(Duration.ofMinutes(5), Duration.ofSeconds(30), 5000);
    private final MemoryBlobStore state = new MemoryBlobStore();
    private final SettableClock clock = SettableClock.create();

    /** As a new process opens it. */
    private UsedTokens open(TimelineEpoch epoch) {
        return UsedTokens.open(state, "nonces", LIMITS, epoch, clock);
    }

    @Test
    void aTokenIsUsedOnceAlsoInTheNextProcess() {
        assertEquals(TokenUse.ACCEPTED, open(FIRST).use("a", clock.instant()));
        assertEquals(TokenUse.ALREADY_USED, open(FIRST).use("a", clock.instant()));
        assertEquals(TokenUse.ACCEPTED, open(FIRST).use(FIRST, "b/../ü", clock.instant()));
        assertEquals(TokenUse.ALREADY_USED, open(FIRST).use(FIRST, "b/../ü", clock.instant()));
    }

    @Test
    void ofTwoProcessesThatBringItAtOnceOneIsAccepted() throws Exception {
        List<UsedTokens> processes = List.of(open(FIRST), open(FIRST), open(FIRST));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int i = 0; i < 200; i++) {
                String token = "token " + i;
                List<Callable<TokenUse>> calls = new ArrayList<>();
                processes.forEach(process -> calls.add(() -> process.use(token, clock.instant())));
                List<TokenUse> answers = new ArrayList<>();
                for (var answer : threads.invokeAll(calls)) {
                    answers.add(answer.get());
                }
                assertEquals(1, Collections.frequency(answers, TokenUse.ACCEPTED), token + ": " + answers);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void afterARestoreWhatWasIssuedBeforeIsRefusedHereAndInTheNextProcess() {
        UsedTokens here = open(FIRST);
        var before = clock.instant();
        clock.advance(Duration.ofSeconds(60));
        TimelineEpoch second = FIRST.next();
        here.restored(second);
        assertEquals(TokenUse.BEFORE_RESTORE, here.use("a", before));
        assertEquals(TokenUse.BEFORE_RESTORE, here.use(FIRST, "a", clock.instant()));
        assertEquals(TokenUse.ACCEPTED, here.use(second, "a", clock.instant()));
        assertEquals(TokenUse.BEFORE_RESTORE, open(second).use("b", before));
        assertThrows(StaleEpochException.class, () -> here.restored(second));
        TimelineEpoch third = second.next();
        clock.advance(Duration.ofSeconds(60));
        assertEquals(TokenUse.BEFORE_RESTORE, open(third).use(second, "c", clock.instant()), "a crash in a restore");
        assertEquals(TokenUse.ACCEPTED, open(third).use(third, "c", clock.instant()));
    }

    @Test
    void expiredTokensAreRemovedAndAClockThatIsSetBackOpensNothing() {
        UsedTokens here = open(FIRST);
        var early = clock.instant();
        assertEquals(TokenUse.ACCEPTED, here.use("early", early));
        clock.advance(Duration.ofHours(1));
        for (int i = 0; i < 1000; i++) {
            assertEquals(TokenUse.ACCEPTED, here.use("later " + i, clock.instant()));
        }
        assertTrue(state.list("tokens/@nonces@/used").size() <= 1000);
        clock.advance(Duration.ofHours(-1));
        assertEquals(TokenUse.EXPIRED, open(FIRST).use("early", early));
    }

    @Test
    void aStoreThatFailsRefusesTheTokenFromThenOn() {
        FaultyBlobStore store = FaultyBlobStore.over(state);
        UsedTokens here = UsedTokens.open(store, "nonces", LIMITS, FIRST, clock);
        store.failFrom(1);
        assertThrows(StoreException.class, () -> here.use("a", clock.instant()));
        assertEquals(TokenUse.ALREADY_USED, here.use("a", clock.instant()));
        assertThrows(InvalidValueException.class, () -> UsedTokens.open(state, "a/b", LIMITS, FIRST, clock));
    }

    @Test
    void whatAProcessWithAClockAheadHasRemovedNoOtherProcessAccepts() {
        UsedTokens ahead = open(FIRST);
        UsedTokens other = open(FIRST);
        var early = clock.instant();
        assertEquals(TokenUse.ACCEPTED, ahead.use("early", early));
        clock.advance(Duration.ofHours(1));
        useThousand(ahead, "ahead ");
        clock.advance(Duration.ofHours(-1));
        assertEquals(TokenUse.EXPIRED, other.use("early", early));
        useThousand(UsedTokens.open(state, "nonces", LIMITS, FIRST, clock), "other ");
    }

    @Test
    void whatOneProcessMadeDurableNoOtherTakesBack() {
        UsedTokens ahead = open(FIRST);
        UsedTokens behind = open(FIRST);
        var early = clock.instant();
        assertEquals(TokenUse.ACCEPTED, ahead.use("early", early));
        clock.advance(Duration.ofHours(1));
        useThousand(ahead, "ahead ");
        clock.advance(Duration.ofHours(-1));
        useThousand(behind, "behind ");
        assertEquals(TokenUse.EXPIRED, open(FIRST).use("early", early));
    }

    private void useThousand(UsedTokens fence, String prefix) {
        for (int i = 0; i < 1000; i++) {
            fence.use(prefix + i, clock.instant());
        }
    }

    @Test
    void moreUsesInAllThanAreRememberedAtOnceKeepNoProcessFromOpening() {
        TokenLimits few = new TokenLimits(Duration.ofMinutes(5), Duration.ofSeconds(30), 10);
        UsedTokens here = UsedTokens.open(state, "few", few, FIRST, clock);
        for (int i = 0; i < 30; i++) {
            assertEquals(TokenUse.ACCEPTED, here.use("token " + i, clock.instant()));
            clock.advance(Duration.ofMinutes(1));
        }
        UsedTokens next = UsedTokens.open(state, "few", few, FIRST, clock);
        assertEquals(TokenUse.ALREADY_USED, next.use("token 29", clock.instant().minus(Duration.ofMinutes(1))));
        assertEquals(TokenUse.ACCEPTED, next.use("another", clock.instant()));
        UsedTokens third = UsedTokens.open(state, "few", few, FIRST, clock);
        for (int i = 0; i < 10; i++) {
            next.use("next " + i, clock.instant());
            third.use("third " + i, clock.instant());
        }
        assertEquals(
                TokenUse.FULL, UsedTokens.open(state, "few", few, FIRST, clock).use("more", clock.instant()));
    }

    @Test
    void processesThatNeverUseManyTokensRemoveTheExpiredOnesAllTheSame() {
        for (int i = 0; i < 1100; i++) {
            assertEquals(TokenUse.ACCEPTED, open(FIRST).use("token " + i, clock.instant()));
            clock.advance(Duration.ofMinutes(10));
        }
        assertTrue(state.list("tokens/@nonces@/used").size() <= 1000);
    }

    @Test
    void aTokenThatAnotherProcessRemovesMeanwhileIsNoReasonNotToOpen() {
        open(FIRST).use("a", clock.instant());
        FaultyBlobStore store = FaultyBlobStore.over(state);
        store.onCall(met -> {
            if (met.operation() == FaultyBlobStore.Operation.READ && met.name().contains("/used/")) {
                state.deleteAll(state.list("tokens/@nonces@/used").stream()
                        .map(dev.cairn.backup.spi.BlobInfo::name)
                        .toList());
            }
        });
        assertEquals(
                TokenUse.ACCEPTED,
                UsedTokens.open(store, "nonces", LIMITS, FIRST, clock).use("b", clock.instant()));
    }
}
