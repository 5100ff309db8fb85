package dev.cairn.backup.core.browse;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.SnapshotRepositoryContract;

class BrowsableRepositoryTest extends SnapshotRepositoryContract {

    @Override
    protected SnapshotRepository newRepository(BlobStore blobs) {
        return BrowsableRepository.at(blobs);
    }
}
