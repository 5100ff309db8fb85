package dev.cairn.backup.lifecycle;

import static dev.cairn.backup.lifecycle.SourceSignal.CONFIRMED;
import static dev.cairn.backup.lifecycle.SourceSignal.HELLO;
import static dev.cairn.backup.lifecycle.SourceSignal.LAPSED;
import static dev.cairn.backup.lifecycle.SourceSignal.REGISTERED;
import static dev.cairn.backup.lifecycle.SourceSignal.REVOKED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 18. */
class SourceHealthTest {

    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
    private static final SourceHealth STALE = new SourceHealth("tmux", SourceState.STALE, T0);

    @Test
    void aStaleSourceIsPendingAtItsNextHelloAndThenActive() {
        SourceHealth pending = STALE.on(HELLO, T0.plusSeconds(5));
        assertEquals(new SourceHealth("tmux", SourceState.PENDING, T0.plusSeconds(5)), pending);
        assertEquals(
                new SourceHealth("tmux", SourceState.ACTIVE, T0.plusSeconds(6)),
                pending.on(CONFIRMED, T0.plusSeconds(6)));
    }

    @Test
    void aStaleSourceNeverBecomesActiveWithoutHello() {
        SourceTransitionException refused =
                assertThrows(SourceTransitionException.class, () -> STALE.on(CONFIRMED, T0));
        assertEquals("tmux", refused.source());
        assertEquals(SourceState.STALE, refused.state());
        assertEquals(CONFIRMED, refused.signal());
        assertTrue(refused.getMessage().contains("HELLO, LAPSED, REVOKED"), refused.getMessage());
    }

    @Test
    void aSourceThatIsStuckIsRevokedAndRegisteredAgain() {
        SourceHealth stuck = STALE.on(HELLO, T0);
        assertEquals(Duration.ofMinutes(7), stuck.lasting(T0.plus(Duration.ofMinutes(7))));
        SourceHealth again = stuck.on(REVOKED, T0.plusSeconds(500)).on(REGISTERED, T0.plusSeconds(501));
        assertEquals(SourceHealth.registered("tmux", T0.plusSeconds(501)), again);
        assertEquals(SourceState.ACTIVE, again.on(HELLO, T0).on(CONFIRMED, T0).state());
    }

    @Test
    void aRevokedSourceDoesNotComeBackByItself() {
        SourceHealth revoked = STALE.on(REVOKED, T0);
        assertThrows(SourceTransitionException.class, () -> revoked.on(HELLO, T0));
        assertThrows(SourceTransitionException.class, () -> revoked.on(CONFIRMED, T0));
        assertSame(revoked, revoked.on(LAPSED, T0.plusSeconds(9)));
    }

    @Test
    void whatChangesNothingLeavesTheTimeAsItWas() {
        SourceHealth active = new SourceHealth("tmux", SourceState.ACTIVE, T0);
        assertSame(active, active.on(HELLO, T0.plusSeconds(9)));
        assertSame(active, active.on(CONFIRMED, T0.plusSeconds(9)));
        assertSame(STALE, STALE.on(LAPSED, T0.plusSeconds(9)));
    }

    @Test
    void aClockSetBackMakesNoNegativeAge() {
        assertEquals(Duration.ZERO, STALE.lasting(T0.minusSeconds(1)));
    }

    @Test
    void aBlankNameIsRefused() {
        assertThrows(InvalidValueException.class, () -> SourceHealth.registered(" ", T0));
    }

    /** The whole table, written once more: everything that is not in it is refused. */
    private static final Map<String, SourceState> TABLE = Map.ofEntries(
            Map.entry("PENDING HELLO", SourceState.PENDING),
            Map.entry("PENDING CONFIRMED", SourceState.ACTIVE),
            Map.entry("PENDING LAPSED", SourceState.STALE),
            Map.entry("PENDING REVOKED", SourceState.REVOKED),
            Map.entry("ACTIVE HELLO", SourceState.ACTIVE),
            Map.entry("ACTIVE CONFIRMED", SourceState.ACTIVE),
            Map.entry("ACTIVE LAPSED", SourceState.STALE),
            Map.entry("ACTIVE REVOKED", SourceState.REVOKED),
            Map.entry("STALE HELLO", SourceState.PENDING),
            Map.entry("STALE LAPSED", SourceState.STALE),
            Map.entry("STALE REVOKED", SourceState.REVOKED),
            Map.entry("REVOKED LAPSED", SourceState.REVOKED),
            Map.entry("REVOKED REVOKED", SourceState.REVOKED),
            Map.entry("REVOKED REGISTERED", SourceState.PENDING));

    @Property
    void everyLifeFollowsTheTable(@ForAll List<SourceSignal> signals) {
        SourceHealth source = SourceHealth.registered("tmux", T0);
        List<SourceSignal> taken = new ArrayList<>();
        for (SourceSignal signal : signals) {
            SourceHealth before = source;
            SourceState expected = TABLE.get(source.state() + " " + signal);
            assertEquals(expected != null, before.state().takes().contains(signal));
            if (expected == null) {
                assertThrows(SourceTransitionException.class, () -> before.on(signal, T0));
                continue;
            }
            taken.add(signal);
            source = source.on(signal, T0);
            assertEquals(expected, source.state());
        }
        if (source.state() == SourceState.ACTIVE) {
            int confirmed = taken.lastIndexOf(CONFIRMED);
            assertTrue(
                    confirmed > taken.lastIndexOf(LAPSED) && confirmed > taken.lastIndexOf(REVOKED), taken.toString());
        }
    }
}
