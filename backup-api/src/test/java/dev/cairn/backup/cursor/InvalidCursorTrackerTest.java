package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.AlertSeverity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BEHAVIOUR, agtmux 6. */
class InvalidCursorTrackerTest {

    private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
    private static final RecoveryAction RESYNC = new RecoveryAction.FullResync(ResyncReason.INVALID_STREAK);

    private final InvalidCursorTracker tracker = InvalidCursorTracker.start();

    @Test
    void aSingleOneIsRetriedFromCommitted() {
        assertEquals(RecoveryAction.retry(), invalid(0));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true",
        "0, 59, true",
        "30, 60, true",
        "1, 61, false", // More than 60 s from the first to the third.
        "59, 61, false",
        "60, 60, false", // 60 s without one: the first is forgotten.
        "0, 60, false",
    })
    void threeWithinSixtySecondsForceAFullResync(long second, long third, boolean resync) {
        assertEquals(RecoveryAction.retry(), invalid(0));
        assertEquals(RecoveryAction.retry(), invalid(second));
        assertEquals(resync ? RESYNC : RecoveryAction.retry(), invalid(third));
    }

    @Test
    void aFullResyncIsAWarning() {
        assertEquals(AlertSeverity.WARN, RESYNC.severity());
    }

    @Test
    void aValidEventClearsTheStreak() {
        invalid(0);
        invalid(1);
        tracker.valid();
        assertEquals(RecoveryAction.retry(), invalid(2));
        assertEquals(RecoveryAction.retry(), invalid(3));
        assertEquals(RESYNC, invalid(4));
    }

    @Test
    void aFullResyncClearsTheStreak() {
        invalid(0);
        invalid(1);
        assertEquals(RESYNC, invalid(2));
        assertEquals(RecoveryAction.retry(), invalid(3));
    }

    @Test
    void aClockThatIsSetBackNeitherForgetsNorRemembersForEver() {
        invalid(10_000);
        invalid(0);
        assertEquals(RESYNC, invalid(1));
        invalid(10_000);
        invalid(0);
        assertEquals(RecoveryAction.retry(), invalid(60));
    }

    /** The model keeps every invalid cursor since the last valid event and looks through them each time. */
    @Property
    void theActionIsWhatAListOfInstantsSays(@ForAll("steps") List<Tuple2<Long, Boolean>> steps) {
        InvalidCursorTracker subject = InvalidCursorTracker.start();
        List<Long> streak = new ArrayList<>();
        long now = 0;
        for (Tuple2<Long, Boolean> step : steps) {
            now += step.get1();
            if (step.get2()) {
                subject.valid();
                streak.clear();
                continue;
            }
            if (!streak.isEmpty() && now - streak.get(streak.size() - 1) >= 60_000) {
                streak.clear();
            }
            streak.add(now);
            long present = now;
            boolean resync =
                    streak.stream().filter(at -> present - at <= 60_000).count() >= 3;
            RecoveryAction action = subject.invalid(T.plusMillis(now));
            assertEquals(resync ? RESYNC : RecoveryAction.retry(), action, streak::toString);
            if (resync) {
                streak.clear();
            }
        }
    }

    @Provide
    Arbitrary<List<Tuple2<Long, Boolean>>> steps() {
        Arbitrary<Long> millis = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 90_000), Arbitraries.of(0L, 1L, 29_999L, 30_000L, 59_999L, 60_000L));
        Arbitrary<Boolean> valid = Arbitraries.frequency(Tuple.of(6, false), Tuple.of(1, true));
        return millis.flatMap(m -> valid.map(v -> Tuple.of(m, v))).list().ofMaxSize(40);
    }

    private RecoveryAction invalid(long second) {
        return tracker.invalid(T.plusSeconds(second));
    }
}
