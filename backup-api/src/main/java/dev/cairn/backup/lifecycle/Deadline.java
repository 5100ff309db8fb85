package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The end of a stretch of monotonic time. Asked again and again by long work, so it allocates next to nothing. Thread-safe if its ticker is.
 *
 * <p>The wall clock has no part in it: an operator who sets the clock back neither stretches a shutdown nor cuts it short.
 */
public final class Deadline {

    /** The longest stretch of time that a deadline may lie ahead. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private final LongSupplier ticker;
    private final long end;

    private Deadline(LongSupplier ticker, long end) {
        this.ticker = ticker;
        this.end = end;
    }

    /**
     * The deadline that far from now.
     *
     * @param time zero or more, at most {@link #LONGEST}
     * @param ticker monotonic nanoseconds such as {@code System::nanoTime}; only differences mean anything
     * @throws InvalidValueException if the time is out of bounds
     */
    public static Deadline in(Duration time, LongSupplier ticker) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new InvalidValueException("time", time, "zero or more, at most " + LONGEST);
        }
        return new Deadline(ticker, ticker.getAsLong() + time.toNanos());
    }

    /** How much time is left; zero at the deadline and after it. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanosLeft()));
    }

    /** Whether the deadline is over; at the very instant of it, it is not. */
    public boolean hasPassed() {
        return nanosLeft() < 0;
    }

    /** Never mind the sum's overflow: the difference of two tickers is right whenever they are less than 292 years apart. */
    private long nanosLeft() {
        return end - ticker.getAsLong();
    }

    /** A span of time that a host configures: more than zero and no longer than a deadline may lie ahead. */
    static Duration checked(String parameter, Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new InvalidValueException(parameter, time, "more than zero, at most " + LONGEST);
        }
        return time;
    }
}
