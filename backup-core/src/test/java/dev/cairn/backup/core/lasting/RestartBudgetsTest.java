package dev.cairn.backup.core.lasting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.lifecycle.RestartBudget;
import dev.cairn.backup.lifecycle.RestartOutcome;
import dev.cairn.backup.lifecycle.RestartPolicy;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Budgets that outlive the host that crashes. */
class RestartBudgetsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final MemoryBlobStore state = new MemoryBlobStore();
    private final Random random = new Random(1);

    /** As a new process sees them. */
    private RestartBudgets budgets() {
        return RestartBudgets.in(state, RestartPolicy.defaults());
    }

    @Test
    void theFifthCrashOfAHostThatStartsAnewEachTimeHoldsDown() {
        for (int i = 0; i < 4; i++) {
            assertInstanceOf(RestartOutcome.RestartAfter.class, budgets().failed("daemon", NOW.plusSeconds(i), random));
        }
        assertEquals(
                new RestartOutcome.HoldDown(Duration.ofMinutes(5)),
                budgets().failed("daemon", NOW.plusSeconds(4), random));
        assertEquals(Duration.ofMinutes(4), budgets().of("daemon").holdDownLeft(NOW.plusSeconds(64)));
        assertEquals(1, budgets().of("daemon").holdDowns());
        assertInstanceOf(RestartOutcome.RestartAfter.class, budgets().failed("other", NOW.plusSeconds(4), random));
    }

    @Test
    void onlyAStableTimeForgets() {
        budgets().failed("daemon", NOW, random);
        budgets().succeeded("daemon", NOW.plusSeconds(1));
        assertEquals(1, budgets().of("daemon").streak());
        long blobs = state.list("").size();
        budgets().succeeded("daemon", NOW.plusSeconds(2));
        assertEquals(blobs, state.list("").size());
        budgets().succeeded("daemon", NOW.plusSeconds(601));
        assertEquals(0, budgets().of("daemon").streak());
        assertTrue(budgets().of("daemon").isStable(NOW.plusSeconds(602)));
    }

    @Test
    void otherRulesApplyToTheSamePast() {
        budgets().failed("daemon", NOW, random);
        RestartPolicy strict = new RestartPolicy(
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                0,
                2,
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ofHours(1));
        assertEquals(
                new RestartOutcome.HoldDown(Duration.ofHours(1)),
                RestartBudgets.in(state, strict).failed("daemon", NOW.plusSeconds(1), random));
    }

    @Test
    void aStoreThatFailsIsToldAndTheFailureIsNotActedOn() {
        RestartBudgets failing = RestartBudgets.in(FaultyBlobStore.over(state).failFrom(1), RestartPolicy.defaults());
        assertThrows(StoreException.class, () -> failing.failed("daemon", NOW, random));
        assertEquals(RestartBudget.start(), budgets().of("daemon"));
        assertThrows(InvalidValueException.class, () -> budgets().of("../escape"));
        assertThrows(InvalidValueException.class, () -> budgets().of(""));
    }

    @Test
    void failuresThatTwoProcessesCountAtOnceAreAllCountedOnce() {
        for (int call = 1; call <= 5; call++) {
            String service = "daemon-" + call;
            Instant at = NOW.plusSeconds(call);
            budgets().failed(service, NOW, random);
            FaultyBlobStore store = FaultyBlobStore.over(state);
            int meeting = call;
            store.onCall(met -> {
                if (met.number() == meeting) {
                    budgets().failed(service, at.plusMillis(1), random);
                    budgets().failed(service, at.plusMillis(2), random);
                }
            });
            RestartBudgets.in(store, RestartPolicy.defaults()).failed(service, at, random);
            assertEquals(4, budgets().of(service).streak(), "met at call " + call);
            assertEquals(4, budgets().of(service).failures().size(), "met at call " + call);
        }
    }

    @Test
    void successAndFailureAtOnceLoseNoFailure() {
        for (int call = 1; call <= 5; call++) {
            String service = "daemon-" + call;
            budgets().failed(service, NOW, random);
            FaultyBlobStore store = FaultyBlobStore.over(state);
            int meeting = call;
            store.onCall(met -> {
                if (met.number() == meeting) {
                    budgets().failed(service, NOW, random);
                }
            });
            RestartBudgets.in(store, RestartPolicy.defaults()).succeeded(service, NOW.plusSeconds(1));
            assertEquals(2, budgets().of(service).streak(), "met at call " + call);
        }
    }
}
