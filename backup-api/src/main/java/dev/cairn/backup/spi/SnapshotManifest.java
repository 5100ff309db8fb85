package dev.cairn.backup.spi;

import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All that a snapshot says of itself; written last, it is the commit point.
 *
 * @param metadata what hosts see of it
 * @param barrierHeld how long the barrier was held, from the first freeze to the last
 * @param changedAfterCut for each dataset without consistency, the paths whose content may be newer than the instant
 * @param warnings what the operator should know, one sentence each
 * @param previous the snapshots of the same lineage that it continues, with their digests; empty for the first, and in manifests of versions that kept none
 */
public record SnapshotManifest(
        SnapshotMetadata metadata,
        Duration barrierHeld,
        Map<String, List<String>> changedAfterCut,
        List<String> warnings,
        List<SnapshotLink> previous) {

    /** Copies the collections. */
    public SnapshotManifest {
        changedAfterCut = Map.copyOf(changedAfterCut);
        warnings = List.copyOf(warnings);
        previous = List.copyOf(previous);
    }

    /** A manifest that continues nothing. */
    public SnapshotManifest(
            SnapshotMetadata metadata,
            Duration barrierHeld,
            Map<String, List<String>> changedAfterCut,
            List<String> warnings) {
        this(metadata, barrierHeld, changedAfterCut, warnings, List.of());
    }
}
