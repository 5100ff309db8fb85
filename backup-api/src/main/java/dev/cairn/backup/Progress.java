package dev.cairn.backup;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a long operation has come.
 *
 * @param operation what is done, such as {@code snapshot}, {@code verify} or {@code stage}
 * @param dataset the dataset that is being worked on
 * @param entries entries done so far, over all datasets
 * @param bytes content bytes done so far, over all datasets
 * @param totalBytes the bytes to do, where known; for a snapshot the size of its parent
 * @param elapsed time since the operation began
 */
public record Progress(
        String operation, String dataset, long entries, long bytes, OptionalLong totalBytes, Duration elapsed) {

    /** Bytes per second so far; 0 before anything is known. */
    public double bytesPerSecond() {
        double seconds = elapsed.toNanos() / 1e9;
        return seconds > 0 ? bytes / seconds : 0;
    }

    /** The time that is left at the present rate; empty while the total is not known, nothing was done, or more was done than was expected. */
    public Optional<Duration> timeLeft() {
        double rate = bytesPerSecond();
        if (totalBytes.isEmpty() || rate <= 0 || totalBytes.getAsLong() < bytes) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis((long) ((totalBytes.getAsLong() - bytes) / rate * 1e3)));
    }
}
