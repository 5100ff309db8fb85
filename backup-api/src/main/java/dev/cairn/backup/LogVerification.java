package dev.cairn.backup;

import java.time.Instant;
import java.util.List;

/**
 * What reading a dataset's change log back found.
 *
 * @param dataset the dataset
 * @param verifiedAt when
 * @param timelines timelines read
 * @param segments segments read
 * @param transactions transactions in them
 * @param bytes bytes of their pages
 * @param problems each break of a chain, missing or damaged segment, by name, first ones first; empty if all is right
 */
public record LogVerification(
        String dataset,
        Instant verifiedAt,
        long timelines,
        long segments,
        long transactions,
        long bytes,
        List<String> problems) {

    /** Copies the list. */
    public LogVerification {
        problems = List.copyOf(problems);
    }

    /** Whether nothing is wrong. */
    public boolean passed() {
        return problems.isEmpty();
    }
}
