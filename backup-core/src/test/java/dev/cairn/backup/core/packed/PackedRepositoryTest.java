package dev.cairn.backup.core.packed;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.SnapshotRepositoryContract;

class PackedRepositoryTest extends SnapshotRepositoryContract {

    @Override
    protected SnapshotRepository newRepository(BlobStore blobs) {
        return Packed.at(blobs);
    }
}
