package dev.cairn.backup;

import java.util.List;
import java.util.Optional;

/**
 * What a stored manifest says about itself and the snapshots before it.
 *
 * @param root Merkle root over its datasets, 64 hexadecimal digits; empty in manifests of versions that had none
 * @param previous the snapshots that it continues: usually one; none for the first of a lineage; more after several processes took snapshots at the same time
 * @param digest SHA-256 of the manifest in canonical form, 64 hexadecimal digits; it commits to all that the snapshot holds and, through {@code previous}, to all before it
 */
public record SnapshotProof(Optional<String> root, List<SnapshotLink> previous, String digest) {

    /** Copies the list. */
    public SnapshotProof {
        previous = List.copyOf(previous);
    }
}
