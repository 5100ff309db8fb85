package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void keepingTheLastNoneIsRefused(int count) {
        assertNames(String.valueOf(count), () -> Retention.keepLast(count));
        assertNames(String.valueOf(count), () -> Retention.keepEach(Retention.Period.DAY, count));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void keepingForNoTimeIsRefused(long seconds) {
        Duration age = Duration.ofSeconds(seconds);
        assertNames(age.toString(), () -> Retention.keepWithin(age));
    }

    @Test
    void aRetentionWithoutAnyRuleIsRefused() {
        assertNames("no rule", () -> new Retention(false, 0, Optional.empty(), Map.of()));
    }

    @Test
    void aNegativeCountIsRefusedAlsoBesideOtherRules() {
        assertNames("-3", () -> new Retention(true, -3, Optional.empty(), Map.of()));
    }

    @Test
    void theLadderIsCopied() {
        Map<Retention.Period, Integer> ladder = new EnumMap<>(Retention.Period.class);
        ladder.put(Retention.Period.DAY, 7);
        Retention retention = new Retention(false, 0, Optional.empty(), ladder);
        ladder.put(Retention.Period.DAY, 1);
        assertEquals(7, retention.ladder().get(Retention.Period.DAY));
        assertThrows(
                UnsupportedOperationException.class, () -> retention.ladder().put(Retention.Period.YEAR, 1));
    }

    @Property
    void orKeepsWhatEitherKeeps(@ForAll("retentions") Retention a, @ForAll("retentions") Retention b) {
        Retention both = a.or(b);
        assertEquals(a.everything() || b.everything(), both.everything());
        assertEquals(Math.max(a.last(), b.last()), both.last());
        for (Retention.Period period : Retention.Period.values()) {
            assertEquals(
                    Math.max(a.ladder().getOrDefault(period, 0), b.ladder().getOrDefault(period, 0)),
                    both.ladder().getOrDefault(period, 0));
        }
        Duration longest = Duration.ZERO;
        for (Retention one : new Retention[] {a, b}) {
            longest = one.within().isPresent() && one.within().get().compareTo(longest) > 0
                    ? one.within().get()
                    : longest;
        }
        assertEquals(longest, both.within().orElse(Duration.ZERO));
    }

    @Property
    void orKnowsNoOrderAndChangesNothingWhenRepeated(
            @ForAll("retentions") Retention a, @ForAll("retentions") Retention b, @ForAll("retentions") Retention c) {
        assertEquals(a.or(b), b.or(a));
        assertEquals(a.or(b).or(c), a.or(b.or(c)));
        assertEquals(a, a.or(a));
    }

    @Provide
    Arbitrary<Retention> retentions() {
        Arbitrary<Retention> single = Arbitraries.oneOf(
                Arbitraries.just(Retention.keepAll()),
                Arbitraries.integers().between(1, 1000).map(Retention::keepLast),
                Arbitraries.longs().between(1, 1_000_000).map(s -> Retention.keepWithin(Duration.ofSeconds(s))),
                Arbitraries.of(Retention.Period.class)
                        .flatMap(p -> Arbitraries.integers().between(1, 50).map(n -> Retention.keepEach(p, n))));
        return single.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(rules -> rules.stream().reduce(Retention::or).orElseThrow());
    }

    private static void assertNames(String value, org.junit.jupiter.api.function.Executable refused) {
        InvalidValueException thrown = assertThrows(InvalidValueException.class, refused);
        assertTrue(thrown.getMessage().contains("'" + value + "'"), thrown.getMessage());
        assertTrue(thrown.getMessage().endsWith(thrown.nextStep()), thrown.getMessage());
    }
}
