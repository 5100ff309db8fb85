package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * What a {@link ReplayFence} accepts.
 *
 * @param lifetime how long after its issue a token is valid, inclusive; positive
 * @param skew the greatest difference between the issuer's clock and the host's; not negative
 * @param capacity how many used tokens are remembered, 1 to 10 000 000
 */
public record TokenLimits(Duration lifetime, Duration skew, int capacity) {

    private static final int MAX_CAPACITY = 10_000_000;

    /** @throws InvalidValueException if a value is out of bounds */
    public TokenLimits {
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new InvalidValueException("lifetime", lifetime, "more than zero");
        }
        if (skew.isNegative()) {
            throw new InvalidValueException("skew", skew, "zero or more");
        }
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new InvalidValueException("capacity", capacity, "1 to " + MAX_CAPACITY);
        }
    }
}
