package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How well one dataset is protected at this moment. A restorable point is a snapshot of this lineage that holds the dataset and that is neither suspect nor abandoned nor taken for the safety of a
 * restore, or the last moment up to which continuous protection has kept its transactions, in the repository or on the local disk.
 *
 * <p>Separate from suspicions, which compare a snapshot with the one before it, the newest snapshot is compared with the median of up to 8 before it, 3 at least: a dataset with less than half of
 * those bytes or entries has shrunk, one with more than twice as many has grown. Differences of less than 1 MiB and less than 100 entries are never told.
 *
 * @param dataset its name
 * @param newest the newest restorable point; empty if there is none
 * @param newestVerified the newest snapshot that was read back and found right; empty if there is none
 * @param rpo the age of {@link #newest}, by the wall clock: what would be lost now
 * @param verifiedRpo the age of {@link #newestVerified}
 * @param rto the last rehearsed restore; empty if none was
 * @param bytes content bytes in the newest snapshot; 0 if there is none
 * @param objective what was promised
 */
public record DatasetHealth(
        String dataset,
        Optional<Instant> newest,
        Optional<Instant> newestVerified,
        Optional<Duration> rpo,
        Optional<Duration> verifiedRpo,
        Optional<RestoreTime> rto,
        long bytes,
        Objective objective) {}
