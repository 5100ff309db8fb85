package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories of a host and its sources in virtual time. After every recovery the host's state equals the truth: no event lost, none applied twice, no
 * effect sent twice. A host that makes one of the mistakes is found out. Run one seed with {@code -Dcairn.simulation.seed=...}.
 */
class RecoverySimulationTest {

    private static final int SCHEDULES = Integer.getInteger("cairn.simulation.schedules", 100_000);
    private static final int WITHIN = 50_000;

    /** A simulation in which nothing happens holds every promise. */
    private static final List<String> MUST_HAPPEN = List.of(
            "crash",
            "restore",
            "duplicate",
            "effect not sent again",
            "lost acknowledgement",
            "reader of an older epoch refused",
            "reader of an older term refused",
            "Continue",
            "RetryFromCommitted",
            "SafeRewind",
            "FullResync[reason=REWIND_LIMIT]",
            "FullResync[reason=INVALID_STREAK]",
            "FullResync[reason=COMPACTED]",
            "FullResync[reason=OTHER_INCARNATION]");

    @Test
    void noEventIsLostAndNoneAppliedTwice() {
        Long only = Long.getLong("cairn.simulation.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? SCHEDULES : only;
        SimTally tally = new SimTally();
        for (long seed = first; seed <= last; seed++) {
            try {
                SimSchedule.run(seed, HostMistake.NONE, tally);
            } catch (RuntimeException violation) {
                fail("seed " + seed + ": " + violation.getMessage(), violation);
            }
        }
        if (only == null) {
            MUST_HAPPEN.forEach(what -> assertTrue(tally.count(what) > SCHEDULES / 1000, what + " in " + tally));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aHostThatMakesAMistakeIsFoundOut(HostMistake mistake) {
        assertNotNull(firstViolation(mistake), mistake + " was not noticed in " + WITHIN + " schedules");
    }

    private static @Nullable RuntimeException firstViolation(HostMistake mistake) {
        for (long seed = 1; seed <= WITHIN; seed++) {
            try {
                SimSchedule.run(seed, mistake, new SimTally());
            } catch (SimHost.Violation | CursorRegressionException | AheadOfFetchedException violation) {
                return violation;
            }
        }
        return null;
    }
}
