package dev.cairn.backup;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which snapshots of a schedule are kept. A snapshot is kept if any rule keeps it; whatever the rules say, the last good one, pinned ones and one that
 * is being restored stay, and nothing is pruned behind a suspect one. Snapshots are ordered by sequence, not by clocks.
 *
 * @param everything whether everything is kept
 * @param last how many of the newest are kept; 0 for no such rule
 * @param within how long each is kept, against the creation of the newest two, so that one wrong stamp makes nothing old; empty for no such rule
 * @param ladder for each period how many of them keep their newest snapshot
 */
public record Retention(boolean everything, int last, Optional<Duration> within, Map<Period, Integer> ladder) {

    /** A rung of the ladder; boundaries are those of UTC, weeks begin on Monday. */
    public enum Period {
        /** One an hour. */
        HOUR,
        /** One a day. */
        DAY,
        /** One a week. */
        WEEK,
        /** One a month. */
        MONTH,
        /** One a year. */
        YEAR
    }

    /** @throws InvalidValueException if a number is out of bounds or nothing at all would be kept by rule */
    public Retention {
        ladder = Map.copyOf(ladder);
        if (last < 0) {
            throw new InvalidValueException("keepLast", last, "1 or more; keepAll() keeps everything");
        }
        if (within.isPresent() && (within.get().isNegative() || within.get().isZero())) {
            throw new InvalidValueException("keepWithin", within.get(), "longer than zero");
        }
        ladder.forEach((period, count) -> {
            if (count < 1) {
                throw new InvalidValueException("keep " + period, count, "1 or more");
            }
        });
        if (!everything && last == 0 && within.isEmpty() && ladder.isEmpty()) {
            throw new InvalidValueException("retention", "no rule", "at least one rule; keepAll() keeps everything");
        }
    }

    /** Keeps everything until it is deleted by hand. */
    public static Retention keepAll() {
        return new Retention(true, 0, Optional.empty(), Map.of());
    }

    /**
     * Keeps the newest.
     *
     * @param count how many, at least 1
     */
    public static Retention keepLast(int count) {
        if (count < 1) {
            throw new InvalidValueException("keepLast", count, "1 or more; keepAll() keeps everything");
        }
        return new Retention(false, count, Optional.empty(), Map.of());
    }

    /**
     * Keeps each for a time.
     *
     * @param age how long, more than zero
     */
    public static Retention keepWithin(Duration age) {
        return new Retention(false, 0, Optional.of(age), Map.of());
    }

    /**
     * Keeps the newest of each of the last periods that have any.
     *
     * @param period the length of a rung
     * @param count how many rungs, at least 1
     */
    public static Retention keepEach(Period period, int count) {
        return new Retention(false, 0, Optional.empty(), Map.of(period, count));
    }

    /** Keeps what this or the other keeps. */
    public Retention or(Retention other) {
        Map<Period, Integer> rungs = new EnumMap<>(Period.class);
        rungs.putAll(ladder);
        other.ladder.forEach((period, count) -> rungs.merge(period, count, Math::max));
        Optional<Duration> longest = within.isEmpty()
                        || other.within
                                .filter(w -> w.compareTo(within.get()) > 0)
                                .isPresent()
                ? other.within
                : within;
        return new Retention(everything || other.everything, Math.max(last, other.last), longest, rungs);
    }
}
