package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ShutdownReservesTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Test
    void theUsualDivisionKeepsHalfForTheSnapshotAndATenthForClosing() {
        ShutdownReserves reserves = ShutdownReserves.of(TEN_SECONDS);
        assertEquals(Duration.ofSeconds(5), reserves.reserve(ShutdownPhase.SNAPSHOT));
        assertEquals(Duration.ofSeconds(1), reserves.reserve(ShutdownPhase.CLOSE_STORES));
        assertEquals(Duration.ofSeconds(1), reserves.reserve(ShutdownPhase.COMMIT));
        assertEquals(Duration.ZERO, reserves.reserve(ShutdownPhase.DRAIN));
        assertEquals(Duration.ofMillis(500), reserves.reserve(ShutdownPhase.PAUSE_INTAKE));
        assertEquals(Duration.ofMillis(500), reserves.reserve(ShutdownPhase.REFUSE_NEW_WORK));
    }

    @Test
    void theDrainHasWhatNobodyHasReserved() {
        ShutdownReserves reserves = ShutdownReserves.of(TEN_SECONDS);
        assertEquals(Duration.ofSeconds(3), reserves.allowed(ShutdownPhase.DRAIN, TEN_SECONDS));
        assertEquals(Duration.ofSeconds(2), reserves.allowed(ShutdownPhase.DRAIN, Duration.ofSeconds(9)));
        assertEquals(Duration.ZERO, reserves.allowed(ShutdownPhase.DRAIN, Duration.ofSeconds(7)));
    }

    @Test
    void pastTheDeadlineOnlyWhatIsAlwaysRunIsAllowedItsReserve() {
        ShutdownReserves reserves = ShutdownReserves.of(TEN_SECONDS);
        for (ShutdownPhase phase : ShutdownPhase.values()) {
            assertEquals(
                    phase.isAlwaysRun() ? reserves.reserve(phase) : Duration.ZERO,
                    reserves.allowed(phase, Duration.ZERO),
                    phase.name());
        }
    }

    @Test
    void reservesThatDoNotFitTheBudgetAreRefused() {
        ShutdownReserves reserves = ShutdownReserves.of(TEN_SECONDS);
        assertEquals(
                Duration.ZERO,
                reserves.with(ShutdownPhase.SNAPSHOT, Duration.ofSeconds(7))
                        .allowed(ShutdownPhase.DRAIN, Duration.ofSeconds(9)));
        InvalidValueException tooMuch = assertThrows(
                InvalidValueException.class, () -> reserves.with(ShutdownPhase.SNAPSHOT, Duration.ofMillis(7001)));
        assertTrue(tooMuch.getMessage().contains("PT10S"), tooMuch.getMessage());
        assertThrows(InvalidValueException.class, () -> reserves.with(ShutdownPhase.DRAIN, Duration.ofNanos(-1)));
        assertThrows(InvalidValueException.class, () -> ShutdownReserves.of(Duration.ZERO));
        assertThrows(InvalidValueException.class, () -> ShutdownReserves.of(Duration.ofDays(2)));
    }

    @Provide
    Arbitrary<ShutdownReserves> divisions() {
        Arbitrary<List<Integer>> parts =
                Arbitraries.integers().between(0, 1000).list().ofSize(6);
        return Combinators.combine(parts, Arbitraries.integers().between(0, 2000))
                .as((shares, spare) -> {
                    Map<ShutdownPhase, Duration> reserves = new EnumMap<>(ShutdownPhase.class);
                    long sum = 1 + spare;
                    for (ShutdownPhase phase : ShutdownPhase.values()) {
                        reserves.put(phase, Duration.ofMillis(shares.get(phase.ordinal())));
                        sum += shares.get(phase.ordinal());
                    }
                    return new ShutdownReserves(Duration.ofMillis(sum), reserves);
                });
    }

    /** Each phase wants some time and is cut at what it is allowed, as by a runner that gives up. */
    @Property
    void whateverEachPhaseWantsEveryOneHasItsReserveAndTheWholeEndsInTime(
            @ForAll("divisions") ShutdownReserves reserves, @ForAll("wishes") List<Integer> wishes) {
        Duration left = reserves.budget();
        List<Duration> allowances = new ArrayList<>();
        for (ShutdownPhase phase : ShutdownPhase.values()) {
            Duration allowed = reserves.allowed(phase, left);
            allowances.add(allowed);
            assertTrue(allowed.compareTo(reserves.reserve(phase)) >= 0, phase + " of " + allowances);
            Duration wish = Duration.ofMillis(wishes.get(phase.ordinal()));
            left = left.minus(wish.compareTo(allowed) < 0 ? wish : allowed);
        }
        assertTrue(!left.isNegative(), "over by " + left);
    }

    @Provide
    Arbitrary<List<Integer>> wishes() {
        return Arbitraries.integers().between(0, 5000).list().ofSize(6);
    }
}
