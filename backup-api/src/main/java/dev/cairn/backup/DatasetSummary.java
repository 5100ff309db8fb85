package dev.cairn.backup;

import java.util.Map;
import java.util.Optional;

/**
 * What a snapshot holds of one dataset.
 *
 * @param name the dataset's name
 * @param kind what it is, such as {@code files} or {@code sqlite}
 * @param present false if the dataset is optional and its source was missing; everything else is then empty
 * @param entries number of entries
 * @param bytes content bytes
 * @param identity what identifies the source, if it has an identity
 * @param counts named counts, such as {@code sessions}
 */
public record DatasetSummary(
        String name,
        String kind,
        boolean present,
        long entries,
        long bytes,
        Optional<String> identity,
        Map<String, Long> counts) {

    /** Copies the counts. */
    public DatasetSummary {
        counts = Map.copyOf(counts);
    }

    /** The summary of an optional dataset whose source was missing. */
    public static DatasetSummary absent(String name, String kind) {
        return new DatasetSummary(name, kind, false, 0, 0, Optional.empty(), Map.of());
    }
}
