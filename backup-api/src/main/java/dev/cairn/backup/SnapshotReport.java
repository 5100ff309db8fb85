package dev.cairn.backup;

import java.time.Duration;
import java.util.List;

/**
 * What came of one snapshot.
 *
 * @param metadata the snapshot
 * @param barrierHeld how long the barrier was held
 * @param elapsed how long the whole took
 * @param suspicions why it was marked as suspect, one sentence each; empty if it was not
 * @param warnings what the operator should know, one sentence each
 */
public record SnapshotReport(
        SnapshotMetadata metadata,
        Duration barrierHeld,
        Duration elapsed,
        List<String> suspicions,
        List<String> warnings) {

    /** Copies the lists. */
    public SnapshotReport {
        suspicions = List.copyOf(suspicions);
        warnings = List.copyOf(warnings);
    }
}
