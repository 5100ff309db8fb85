package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.ProtectionStatus;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When health says that continuous protection is not as it should be. */
class ProtectionProblemTest {

    private static Optional<String> problem(ProtectionStatus.State state, Duration lag, Duration poll, String because) {
        return ProtectionProblem.of(
                new ProtectionStatus(
                        "db",
                        state,
                        Optional.empty(),
                        Optional.empty(),
                        lag,
                        0,
                        0,
                        7,
                        9,
                        0,
                        0,
                        Optional.empty(),
                        Optional.ofNullable(because)),
                poll);
    }

    @Test
    void aLagCountsWhenItIsLongerThanTenPollsAndThanTenSeconds() {
        Duration second = Duration.ofSeconds(1);
        ProtectionStatus.State state = ProtectionStatus.State.PROTECTED;
        assertEquals(Optional.empty(), problem(state, Duration.ofSeconds(10), second, null));
        assertTrue(problem(state, Duration.ofSeconds(11), second, null)
                .orElseThrow()
                .contains("11 s"));
        assertEquals(Optional.empty(), problem(state, Duration.ofSeconds(60), Duration.ofSeconds(6), null));
        assertTrue(problem(state, Duration.ofSeconds(61), Duration.ofSeconds(6), null)
                .isPresent());
        assertEquals(Optional.empty(), problem(state, Duration.ofSeconds(9), Duration.ofMillis(1), null));
    }

    @Test
    void whatIsNotKeptOrOnlyKeptHereCountsAtOnce() {
        Duration poll = Duration.ofSeconds(1);
        assertEquals(
                Optional.of("transactions of dataset 'db' are not kept: it is full"),
                problem(ProtectionStatus.State.INTERRUPTED, Duration.ZERO, poll, "it is full"));
        assertEquals(
                Optional.of("transactions of dataset 'db' are kept on the local disk only, 7 of 9 bytes"),
                problem(ProtectionStatus.State.SPOOLING, Duration.ZERO, poll, null));
    }

    @Test
    void whatHasNotBegunCountsOnceThereIsAReason() {
        Duration poll = Duration.ofSeconds(1);
        assertEquals(Optional.empty(), problem(ProtectionStatus.State.WAITING, Duration.ZERO, poll, null));
        assertTrue(problem(ProtectionStatus.State.WAITING, Duration.ZERO, poll, "locked")
                .isPresent());
        assertEquals(Optional.empty(), problem(ProtectionStatus.State.PAUSED, Duration.ZERO, poll, null));
        assertEquals(Optional.empty(), problem(ProtectionStatus.State.CLOSED, Duration.ZERO, poll, null));
    }
}
