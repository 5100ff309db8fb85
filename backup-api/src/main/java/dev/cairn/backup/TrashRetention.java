package dev.cairn.backup;

import java.time.Duration;

/**
 * How long what restores have put aside is kept. Both bounds hold; the trash of the newest restore is kept whatever they say. It is removed when the manager prunes.
 *
 * @param restores of how many restores, the newest, at least 1
 * @param age how long, counted from the beginning of the restore, more than zero
 */
public record TrashRetention(int restores, Duration age) {

    private static final int DEFAULT_RESTORES = 3;
    private static final Duration DEFAULT_AGE = Duration.ofDays(7);

    /** @throws InvalidValueException if one is out of bounds */
    public TrashRetention {
        if (restores < 1) {
            throw new InvalidValueException("restores whose trash is kept", restores, "at least 1");
        }
        if (age.isNegative() || age.isZero()) {
            throw new InvalidValueException("age of trash", age, "more than zero");
        }
    }

    /** The last 3 restores, at most 7 days. */
    public static TrashRetention defaults() {
        return new TrashRetention(DEFAULT_RESTORES, DEFAULT_AGE);
    }

    /** The last restores, at most so old. */
    public static TrashRetention of(int restores, Duration age) {
        return new TrashRetention(restores, age);
    }
}
