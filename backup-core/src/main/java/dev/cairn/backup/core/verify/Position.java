package dev.cairn.backup.core.verify;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of a snapshot has come. A snapshot never changes, so what several readings have read one after the other is as good as what one has.
 *
 * @param dataset the dataset that it is in; null before the first
 * @param path the last entry that was read in it; null before the first
 * @param datasetEntries entries read in it
 * @param datasetBytes content bytes read in it
 * @param entries entries read in all
 * @param bytes content bytes read in all
 * @param anyContent whether there was anything but roots
 * @param elapsed how long it took
 * @param problems what is wrong, as far as was read
 */
record Position(
        @Nullable String dataset,
        @Nullable String path,
        long datasetEntries,
        long datasetBytes,
        long entries,
        long bytes,
        boolean anyContent,
        Duration elapsed,
        List<String> problems) {

    /** Before everything. */
    static final Position START = new Position(null, null, 0, 0, 0, 0, false, Duration.ZERO, List.of());

    Position {
        problems = List.copyOf(problems);
    }
}
