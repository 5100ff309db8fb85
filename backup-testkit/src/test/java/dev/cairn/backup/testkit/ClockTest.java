package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClockTest {

    @Test
    void aClockStandsStillUntilItIsMoved() {
        SettableClock clock = SettableClock.create();
        Clock view = clock.in(ZoneOffset.UTC);
        Instant start = clock.instant();
        assertEquals(start, clock.instant());
        clock.advance(Duration.ofHours(1));
        assertEquals(start.plusSeconds(3600), view.instant());
        clock.advance(Duration.ofHours(-2));
        assertEquals(start.minusSeconds(3600), view.instant());
        assertEquals(Instant.EPOCH, clock.set(Instant.EPOCH).instant());
    }

    @Test
    void aTickerOverflowsAndNeverGoesBack() {
        SettableTicker ticker = SettableTicker.create();
        long before = ticker.getAsLong();
        ticker.advance(Duration.ofHours(1));
        assertEquals(Duration.ofHours(1).toNanos(), ticker.getAsLong() - before);
        assertThrows(IllegalArgumentException.class, () -> ticker.advance(Duration.ofNanos(-1)));
    }

    @Test
    void keysAreTheSameForOneLabelOnly() {
        assertEquals(32, FixedKeys.secret("a").length);
        assertArrayEquals(FixedKeys.secret("a"), FixedKeys.secret("a"));
        assertFalse(Arrays.equals(FixedKeys.secret("a"), FixedKeys.secret("b")));
    }
}
