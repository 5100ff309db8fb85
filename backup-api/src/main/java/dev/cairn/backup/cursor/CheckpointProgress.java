package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;

/**
 * What has happened since the last checkpoint.
 *
 * @param takenAtNanos when that was, a reading of {@link System#nanoTime()} or of a ticker like it
 * @param events how many events were committed since, at least 0
 */
public record CheckpointProgress(long takenAtNanos, long events) {

    /** @throws InvalidValueException if the number of events is negative */
    public CheckpointProgress {
        if (events < 0) {
            throw new InvalidValueException("events", events, "0 or more");
        }
    }

    /** A checkpoint was just taken, or the process has just started. */
    public static CheckpointProgress taken(long nowNanos) {
        return new CheckpointProgress(nowNanos, 0);
    }

    /** Further events were committed. */
    public CheckpointProgress committed(long count) {
        if (count < 0) {
            throw new InvalidValueException("count", count, "0 or more");
        }
        return new CheckpointProgress(takenAtNanos, Math.addExact(events, count));
    }
}
