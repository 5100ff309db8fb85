package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void atItsVeryInstantNothingIsLeftAndItHasNotPassed() {
        AtomicLong ticker = new AtomicLong(7);
        Deadline deadline = Deadline.in(Duration.ofNanos(10), ticker::get);
        ticker.set(17);
        assertEquals(Duration.ZERO, deadline.left());
        assertFalse(deadline.hasPassed());
        ticker.set(18);
        assertEquals(Duration.ZERO, deadline.left());
        assertTrue(deadline.hasPassed());
    }

    @Test
    void timesOutOfBoundsAreRefused() {
        assertThrows(InvalidValueException.class, () -> Deadline.in(Duration.ofNanos(-1), () -> 0));
        assertThrows(InvalidValueException.class, () -> Deadline.in(Deadline.LONGEST.plusNanos(1), () -> 0));
        assertEquals(Deadline.LONGEST, Deadline.in(Deadline.LONGEST, () -> 0).left());
    }

    @Property
    void whatIsLeftShrinksByWhatPassesAlsoAcrossTheTickersOverflow(
            @ForAll long start,
            @ForAll @LongRange(min = 0, max = 86_400_000_000_000L) long time,
            @ForAll @LongRange(min = 0, max = 200_000_000_000_000L) long passed) {
        AtomicLong ticker = new AtomicLong(start);
        Deadline deadline = Deadline.in(Duration.ofNanos(time), ticker::get);
        ticker.addAndGet(passed);
        assertEquals(Duration.ofNanos(Math.max(0, time - passed)), deadline.left());
        assertEquals(passed > time, deadline.hasPassed());
    }
}
