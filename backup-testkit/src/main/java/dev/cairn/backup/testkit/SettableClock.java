package dev.cairn.backup.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;

/** A wall clock that stands still until a test moves it, in either direction. Thread-safe. */
public final class SettableClock implements InstantSource {

    private Instant now;

    private SettableClock(Instant start) {
        now = start;
    }

    /** A clock that stands at {@code 2026-01-01T00:00:00Z}. */
    public static SettableClock create() {
        return at(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A clock that stands at the given instant. */
    public static SettableClock at(Instant start) {
        return new SettableClock(start);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /**
     * Moves the hands to an instant, earlier or later.
     *
     * @return this
     */
    public synchronized SettableClock set(Instant instant) {
        now = instant;
        return this;
    }

    /**
     * Moves the hands on, or back by a negative duration, as an operator or a time server may.
     *
     * @return the new instant
     */
    public synchronized Instant advance(Duration by) {
        now = now.plus(by);
        return now;
    }

    /** A view of this clock in a zone; it follows every later move. */
    public Clock in(ZoneId zone) {
        return withZone(zone);
    }
}
