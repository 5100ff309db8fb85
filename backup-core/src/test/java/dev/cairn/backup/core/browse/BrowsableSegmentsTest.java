package dev.cairn.backup.core.browse;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.SegmentStoreContract;

class BrowsableSegmentsTest extends SegmentStoreContract {

    @Override
    protected SnapshotRepository newRepository(BlobStore blobs) {
        return BrowsableRepository.at(blobs);
    }
}
