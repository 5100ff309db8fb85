package dev.cairn.backup.testkit;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotRepository;

/** A repository that keeps the contract passes its suite. */
class PlainRepositoryTest extends SnapshotRepositoryContract {

    @Override
    protected SnapshotRepository newRepository(BlobStore blobs) {
        return new PlainRepository(blobs);
    }
}
