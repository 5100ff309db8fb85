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
 * @param log where its change log stood at the cut, if it is protected continuously: transactions after it can be applied to this snapshot
 */
public record DatasetSummary(
        String name,
        String kind,
        boolean present,
        long entries,
        long bytes,
        Optional<String> identity,
        Map<String, Long> counts,
        Optional<LogPosition> log) {

    /** Copies the counts. */
    public DatasetSummary {
        counts = Map.copyOf(counts);
    }

    /** A dataset that is not protected continuously. */
    public DatasetSummary(
            String name,
            String kind,
            boolean present,
            long entries,
            long bytes,
            Optional<String> identity,
            Map<String, Long> counts) {
        this(name, kind, present, entries, bytes, identity, counts, Optional.empty());
    }

    /** The summary of an optional dataset whose source was missing. */
    public static DatasetSummary absent(String name, String kind) {
        return new DatasetSummary(name, kind, false, 0, 0, Optional.empty(), Map.of());
    }
}
