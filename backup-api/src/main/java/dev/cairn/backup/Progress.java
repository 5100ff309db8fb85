package dev.cairn.backup;

import java.time.Duration;
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
}
