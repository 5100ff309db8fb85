package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 7. */
class CheckpointPolicyTest {

    private static final CheckpointPolicy POLICY = CheckpointPolicy.defaults();

    @Test
    void aCheckpointIsDueAfterThirtySeconds() {
        CheckpointProgress taken = CheckpointProgress.taken(5);
        assertFalse(POLICY.isDue(taken, 5 + 30_000_000_000L - 1));
        assertTrue(POLICY.isDue(taken, 5 + 30_000_000_000L));
    }

    @Test
    void aCheckpointIsDueAfterFiveHundredEvents() {
        CheckpointProgress taken = CheckpointProgress.taken(5);
        assertFalse(POLICY.isDue(taken.committed(499), 5));
        assertTrue(POLICY.isDue(taken.committed(499).committed(1), 5));
    }

    @Test
    void aTickerThatWrapsAroundDelaysNothing() {
        CheckpointProgress taken = CheckpointProgress.taken(Long.MAX_VALUE);
        assertFalse(POLICY.isDue(taken, Long.MAX_VALUE));
        assertFalse(POLICY.isDue(taken, Long.MIN_VALUE));
        assertTrue(POLICY.isDue(taken, Long.MIN_VALUE + 30_000_000_000L - 1));
    }

    @Test
    void valuesOutOfBoundsAreRefused() {
        assertThrows(InvalidValueException.class, () -> new CheckpointPolicy(Duration.ZERO, 1));
        assertThrows(InvalidValueException.class, () -> new CheckpointPolicy(Duration.ofDays(400), 1));
        assertThrows(InvalidValueException.class, () -> new CheckpointPolicy(Duration.ofSeconds(1), 0));
        assertThrows(
                InvalidValueException.class, () -> CheckpointProgress.taken(0).committed(-1));
        assertThrows(InvalidValueException.class, () -> new CheckpointProgress(0, -1));
    }

    /** The model keeps all commits with their times and adds them up each time. */
    @Property
    void aCheckpointIsDueExactlyWhenTheModelSaysSo(
            @ForAll long start,
            @ForAll @Size(max = 30) List<@IntRange(max = 12) Integer> seconds,
            @ForAll @Size(max = 30) List<@IntRange(max = 200) Integer> counts) {
        CheckpointProgress progress = CheckpointProgress.taken(start);
        long now = start;
        long elapsed = 0;
        BigInteger committed = BigInteger.ZERO;
        for (int i = 0; i < Math.min(seconds.size(), counts.size()); i++) {
            now += seconds.get(i) * 1_000_000_000L;
            elapsed += seconds.get(i);
            committed = committed.add(BigInteger.valueOf(counts.get(i)));
            progress = progress.committed(counts.get(i));
            boolean due = elapsed >= 30 || committed.intValueExact() >= 500;
            assertEquals(due, POLICY.isDue(progress, now), elapsed + " s, " + committed);
            if (due) {
                progress = CheckpointProgress.taken(now);
                elapsed = 0;
                committed = BigInteger.ZERO;
            }
        }
    }
}
