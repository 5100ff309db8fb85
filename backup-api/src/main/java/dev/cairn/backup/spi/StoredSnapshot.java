package dev.cairn.backup.spi;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;

/** What a repository finds under an id. */
public sealed interface StoredSnapshot {

    /** The id. */
    SnapshotId id();

    /**
     * A committed snapshot.
     *
     * @param metadata what its manifest says
     */
    record Committed(SnapshotMetadata metadata) implements StoredSnapshot {
        @Override
        public SnapshotId id() {
            return metadata.id();
        }
    }

    /**
     * Something that must not be restored: data without a manifest, or a manifest that cannot be used.
     *
     * @param id the id
     * @param reason why, in words
     * @param unfinished true if it may be a snapshot that is being written, or whose writer died; false if a manifest is there and bad
     */
    record Invalid(SnapshotId id, String reason, boolean unfinished) implements StoredSnapshot {}
}
