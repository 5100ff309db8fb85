package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a check of a repository has found.
 *
 * @param depth how deep it looked
 * @param elapsed how long it took
 * @param snapshots snapshots looked at
 * @param blobsChecked stored blobs whose bytes were read and compared
 * @param blobsLeft stored blobs that the budget left for the next time
 * @param bytesChecked stored bytes read
 * @param oldestCheck when the least recently checked blob was checked; empty if one never was
 * @param problems what is damaged or missing, one sentence each, naming the blob
 * @param lost for each snapshot that cannot be restored whole, the entries that it lacks, as {@code dataset/path}, at most 10 000 of them
 * @param warnings what costs nothing now and should be known, such as an index that had to be left out
 */
public record RepositoryReport(
        VerificationDepth depth,
        Duration elapsed,
        long snapshots,
        long blobsChecked,
        long blobsLeft,
        long bytesChecked,
        Optional<Instant> oldestCheck,
        List<String> problems,
        Map<SnapshotId, List<String>> lost,
        List<String> warnings) {

    /** Copies the collections. */
    public RepositoryReport {
        problems = List.copyOf(problems);
        lost = Map.copyOf(lost);
        warnings = List.copyOf(warnings);
    }

    /** Whether nothing was found. */
    public boolean passed() {
        return problems.isEmpty() && lost.isEmpty();
    }
}
