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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 7. */
class DedupWindowTest {

    private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant MUCH_LATER = T.plus(Duration.ofDays(30));
    private static final DedupBounds TWELVE_MINUTES = DedupBounds.covering(RewindLimits.defaults(), Duration.ZERO, 100);

    private final StateDedupWindow window = StateDedupWindow.empty(TWELVE_MINUTES);

    @Test
    void theRetentionIsTheRewindWindowAndTwoMinutes() {
        assertEquals(Duration.ofMinutes(12), TWELVE_MINUTES.retention());
    }

    @Test
    void theRetentionIsNeverLessThanTheOldestRestorableAge() {
        Duration day = Duration.ofDays(1);
        assertEquals(day, DedupBounds.covering(RewindLimits.defaults(), day, 1).retention());
        assertEquals(
                Duration.ofMinutes(12),
                DedupBounds.covering(RewindLimits.defaults(), Duration.ofMinutes(11), 1)
                        .retention());
    }

    @Test
    void eachPartOfTheKeyCounts() {
        assertEquals(Sighting.FIRST, see("a", "s", "1", 0));
        assertEquals(Sighting.DUPLICATE, see("a", "s", "1", 0));
        assertEquals(Sighting.FIRST, see("b", "s", "1", 0));
        assertEquals(Sighting.FIRST, see("a", "t", "1", 0));
        assertEquals(Sighting.FIRST, see("a", "s", "2", 0));
    }

    @Test
    void anEventIsRememberedForExactlyTwelveMinutesOfEventTime() {
        see("a", "s", "1", 0);
        see("a", "s", "2", 720);
        assertEquals(Sighting.DUPLICATE, see("a", "s", "1", 0));
        see("a", "s", "3", 721);
        assertEquals(Sighting.TOO_OLD, see("a", "s", "1", 0));
        assertEquals(Sighting.FIRST, see("a", "s", "late", 1));
    }

    @Test
    void theHostsClockAloneMakesItForgetNothing() {
        see("a", "s", "1", 0);
        assertEquals(Sighting.DUPLICATE, window.observe(new EventKey("a", "s", "1"), T, T.plus(Duration.ofDays(400))));
    }

    @Test
    void anEventOfTheFarFutureMakesItForgetNothing() {
        EventKey poison = new EventKey("a", "s", "poison");
        window.observe(new EventKey("a", "s", "1"), T, T);
        assertEquals(Sighting.FIRST, window.observe(poison, MUCH_LATER, T.plusSeconds(1)));
        assertEquals(Sighting.DUPLICATE, window.observe(new EventKey("a", "s", "1"), T, T.plusSeconds(2)));
        assertEquals(Sighting.DUPLICATE, window.observe(poison, MUCH_LATER, T.plusSeconds(3)));
    }

    @Test
    void aHostClockThatIsBehindForgetsNothingWhenItIsSetRight() {
        EventKey key = new EventKey("a", "s", "1");
        window.observe(key, T, Instant.EPOCH);
        window.observe(new EventKey("a", "s", "2"), T.plusSeconds(60), T.plusSeconds(60));
        assertEquals(Sighting.DUPLICATE, window.observe(key, T, T.plusSeconds(61)));
    }

    @Test
    void aFullWindowRefusesAndForgetsNothing() {
        StateDedupWindow small = StateDedupWindow.empty(new DedupBounds(Duration.ofMinutes(12), 2));
        EventKey one = new EventKey("a", "s", "1");
        EventKey two = new EventKey("b", "s", "1");
        EventKey three = new EventKey("a", "s", "3");
        small.observe(one, T, MUCH_LATER);
        small.observe(two, T, MUCH_LATER);
        assertEquals(Sighting.FULL, small.observe(three, T.plusSeconds(720), MUCH_LATER));
        assertTrue(small.holds(one) && small.holds(two));
        assertFalse(small.holds(three));
        assertEquals(Sighting.DUPLICATE, small.observe(one, T, MUCH_LATER));
        assertEquals(Sighting.FIRST, small.observe(three, T.plusSeconds(721), MUCH_LATER), "the first has expired");
        StateDedupWindow larger = StateDedupWindow.of(new DedupBounds(Duration.ofMinutes(12), 3), small.content());
        assertEquals(Sighting.FIRST, larger.observe(new EventKey("b", "s", "2"), T, MUCH_LATER));
    }

    @Test
    void aWindowWithALongerRetentionStillKnowsWhatWasForgotten() {
        see("a", "s", "1", 0);
        see("a", "s", "2", 1000);
        StateDedupWindow longer = StateDedupWindow.of(new DedupBounds(Duration.ofDays(1), 100), window.content());
        assertEquals(Sighting.TOO_OLD, longer.observe(new EventKey("a", "s", "1"), T, MUCH_LATER));
    }

    @Test
    void forgettingASourceForgetsNoOther() {
        see("a", "s", "1", 0);
        see("b", "s", "1", 0);
        window.forget("a");
        window.forget("unknown");
        assertEquals(1, window.size());
        assertEquals(Sighting.FIRST, see("a", "s", "1", 0));
        assertEquals(Sighting.DUPLICATE, see("b", "s", "1", 0));
    }

    @Test
    void contentThatDoesNotFitTogetherIsRefused() {
        SeenEvent event = new SeenEvent(new EventKey("a", "s", "1"), T);
        SourceSightings good = new SourceSightings(T, List.of(event));
        assertThrows(InvalidValueException.class, () -> new StateDedup(Map.of("b", good)));
        assertThrows(InvalidValueException.class, () -> new EffectDedup(Map.of("", good)));
        assertThrows(InvalidValueException.class, () -> new SourceSightings(T.plusNanos(1), List.of(event)));
        StateDedup twice = new StateDedup(Map.of("a", new SourceSightings(T, List.of(event, event))));
        assertThrows(InvalidValueException.class, () -> StateDedupWindow.of(TWELVE_MINUTES, twice));
        assertThrows(InvalidValueException.class, () -> new DedupBounds(Duration.ZERO, 1));
        assertThrows(InvalidValueException.class, () -> new DedupBounds(Duration.ofSeconds(1), 0));
        assertThrows(InvalidValueException.class, () -> new EventKey("a", "s", "\n"));
        SourceSightings two = new SourceSightings(T, List.of(event, new SeenEvent(new EventKey("a", "s", "2"), T)));
        DedupBounds one = new DedupBounds(Duration.ofSeconds(1), 1);
        assertThrows(LimitExceededException.class, () -> StateDedupWindow.of(one, new StateDedup(Map.of("a", two))));
        Map<String, SourceSightings> many = new HashMap<>();
        for (int i = 0; i <= DedupWindow.MAX_SOURCES; i++) {
            many.put("s" + i, new SourceSightings(T, List.of()));
        }
        assertThrows(LimitExceededException.class, () -> new StateDedup(many));
    }

    @Test
    void thereIsNoWayToPutTheEffectsIntoACut() {
        for (var component : SnapshotCut.class.getRecordComponents()) {
            assertFalse(component.getType().isAssignableFrom(EffectDedup.class), component.getName());
        }
        assertFalse(StateDedup.class.isAssignableFrom(EffectDedup.class));
        assertFalse(EffectDedup.class.isAssignableFrom(StateDedup.class));
        assertThrows(
                NoSuchMethodException.class,
                () -> EffectDedupWindow.class.getMethod("of", DedupBounds.class, StateDedup.class));
        assertThrows(
                NoSuchMethodException.class,
                () -> StateDedupWindow.class.getMethod("of", DedupBounds.class, EffectDedup.class));
    }

    @Test
    void theEffectsComeBackFromTheirOwnContent() {
        EffectDedupWindow effects = EffectDedupWindow.empty(TWELVE_MINUTES);
        EventKey key = new EventKey("a", "s", "1");
        effects.observe(key, T, T);
        EffectDedupWindow reopened = EffectDedupWindow.of(TWELVE_MINUTES, effects.content());
        assertTrue(reopened.holds(key));
        assertEquals(effects.content(), reopened.content());
    }

    record Step(int source, int event, int time, int now, boolean reopen) {}

    /** The model keeps every event it was ever shown, and for each source the latest time that moved its horizon. */
    @Property
    void theWindowSaysWhatAListOfAllEventsSays(@ForAll("steps") List<Step> steps) {
        DedupBounds bounds = new DedupBounds(Duration.ofSeconds(20), 6);
        StateDedupWindow subject = StateDedupWindow.empty(bounds);
        List<SeenEvent> accepted = new ArrayList<>();
        Map<String, Long> latest = new HashMap<>();
        for (Step step : steps) {
            if (step.reopen()) {
                subject = StateDedupWindow.of(bounds, subject.content());
            }
            EventKey key = new EventKey("s" + step.source(), "x", "e" + step.event());
            Instant time = T.plusSeconds(step.time());
            Sighting expected;
            long horizon = latest.getOrDefault(key.source(), Long.MIN_VALUE / 2) - 20;
            boolean held = accepted.stream().anyMatch(one -> one.key().equals(key) && seconds(one) >= horizon);
            if (held) {
                expected = Sighting.DUPLICATE;
            } else if (step.time() < horizon) {
                expected = Sighting.TOO_OLD;
            } else {
                latest.merge(key.source(), (long) Math.min(step.time(), step.now()), Math::max);
                long holding = accepted.stream()
                        .filter(one -> seconds(one) >= latest.get(one.key().source()) - 20)
                        .count();
                expected = holding < 6 ? Sighting.FIRST : Sighting.FULL;
            }
            assertEquals(expected, subject.observe(key, time, T.plusSeconds(step.now())), step::toString);
            if (expected == Sighting.FIRST) {
                accepted.add(new SeenEvent(key, time));
            }
            assertTrue(subject.size() <= 6);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.integers().between(20, 60),
                        Arbitraries.of(false, false, false, true))
                .as(Step::new)
                .list()
                .ofMaxSize(50);
    }

    private static long seconds(SeenEvent event) {
        return Duration.between(T, event.at()).toSeconds();
    }

    private Sighting see(String source, String session, String event, long second) {
        return window.observe(new EventKey(source, session, event), T.plusSeconds(second), MUCH_LATER);
    }
}
