package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theDefaultsAreThoseOfTheRunbook() {
        RestartPolicy policy = RestartPolicy.defaults();
        assertEquals(
                new RestartPolicy(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        0.2,
                        5,
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(10)),
                policy);
    }

    @Test
    void theWaitDoublesFromOneSecondToThirty() {
        List<Long> seconds = IntStream.rangeClosed(1, 8)
                .mapToObj(streak ->
                        RestartPolicy.defaults().delay(streak, drawing(0.5)).toSeconds())
                .toList();
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L), seconds);
    }

    @Test
    void theJitterIsAFifthEitherWayAlsoAtTheTop() {
        RestartPolicy policy = RestartPolicy.defaults();
        assertEquals(Duration.ofMillis(800), policy.delay(1, drawing(0)));
        assertEquals(Duration.ofMillis(1100), policy.delay(1, drawing(0.75)));
        assertEquals(Duration.ofSeconds(24), policy.delay(99, drawing(0)));
        Duration top = policy.delay(99, drawing(Math.nextDown(1.0)));
        assertTrue(top.compareTo(Duration.ofSeconds(36)) <= 0 && top.toMillis() >= 35_999, top.toString());
    }

    @Property
    void everyWaitLiesWithinTheJitterOfItsStep(@ForAll @IntRange(min = 1) int streak, @ForAll long seed) {
        double base = streak > 5 ? 30 : Math.pow(2, streak - 1);
        double wait = RestartPolicy.defaults().delay(streak, new Random(seed)).toNanos() / 1e9;
        assertTrue(wait >= 0.8 * base - 1e-9 && wait <= 1.2 * base + 1e-9, streak + " waits " + wait);
    }

    @Test
    void jitterScatters() {
        Random random = new Random(1);
        long different = IntStream.range(0, 100)
                .mapToObj(draw -> RestartPolicy.defaults().delay(1, random))
                .distinct()
                .count();
        assertEquals(100, different);
    }

    @Test
    void valuesOutOfBoundsAreRefused() {
        assertRefused("firstDelay", Duration.ZERO, SECOND, 0, 1, SECOND);
        assertRefused("longestDelay", SECOND, Duration.ofMillis(999), 0, 1, SECOND);
        assertRefused("longestDelay", SECOND, Duration.ofDays(2), 0, 1, SECOND);
        assertRefused("jitter", SECOND, SECOND, 1, 1, SECOND);
        assertRefused("jitter", SECOND, SECOND, -0.1, 1, SECOND);
        assertRefused("jitter", SECOND, SECOND, Double.NaN, 1, SECOND);
        assertRefused("failures", SECOND, SECOND, 0, 0, SECOND);
        assertRefused("failures", SECOND, SECOND, 0, 1001, SECOND);
        assertRefused("window", SECOND, SECOND, 0, 1, Duration.ZERO);
    }

    private static void assertRefused(
            String parameter, Duration first, Duration longest, double jitter, int failures, Duration window) {
        InvalidValueException refused = assertThrows(
                InvalidValueException.class,
                () -> new RestartPolicy(first, longest, jitter, failures, window, SECOND, SECOND));
        assertTrue(refused.getMessage().startsWith(parameter), refused.getMessage());
    }

    /** Always draws the same number. */
    static RandomGenerator drawing(double number) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("only doubles are drawn");
            }

            @Override
            public double nextDouble() {
                return number;
            }
        };
    }
}
