package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.StoredSnapshot;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Numbers of a browsable repository, and manifests that no memory holds. */
class RepositoryNumbersTest {

    private final TestHost host = new TestHost();

    /** Whoever copies a repository by hand easily leaves the hidden folder behind. */
    private void loseTheHiddenFolder() {
        host.blobs.deleteAll(
                host.blobs.list(".cairn").stream().map(BlobInfo::name).toList());
    }

    private SnapshotManager withSnapshots(int count) {
        SnapshotManager manager = host.open();
        for (int i = 0; i < count; i++) {
            manager.create();
        }
        return manager;
    }

    private void assertGoesOnAt(long number, SnapshotManager manager) {
        for (long next = number; next < number + 3; next++) {
            SnapshotMetadata taken = manager.create();
            assertEquals("snap-" + next, taken.id().value());
            assertEquals(next, taken.sequence());
            List<SnapshotMetadata> listed = manager.list();
            assertEquals(taken, listed.get(listed.size() - 1), "the newest is last");
        }
    }

    @Test
    void numbersGoOnAfterTheHiddenFolderWasLost() {
        withSnapshots(12).delete(SnapshotId.of("snap-3"));
        loseTheHiddenFolder();
        assertGoesOnAt(13, host.open());
    }

    @Test
    void aRemnantsNumberIsNotUsedAgainAfterTheHiddenFolderWasLost() {
        withSnapshots(2);
        host.blobs.putIfAbsent(BlobName.of("snap-9/snapshot/data/a"), BlobContent.of("left by a writer that died"));
        loseTheHiddenFolder();
        assertGoesOnAt(10, host.open());
    }

    @Test
    void aSnapshotWithANameOfItsOwnIsStillOlderThanTheNext() {
        withSnapshots(2).create(SnapshotRequest.of().id(SnapshotId.of("by-hand")));
        loseTheHiddenFolder();
        assertGoesOnAt(4, host.open());
    }

    /** A store that answers UNKNOWN for ever must not keep a writer for ever. */
    @Test
    void aStoreThatNeverKnowsIsToldInsteadOfAskedForEver() {
        AtomicInteger asked = new AtomicInteger();
        BlobStore forgetful = new ForwardingStore(host.blobs) {
            @Override
            public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
                if (!name.value().startsWith(".cairn/sequence/")) {
                    return super.putIfAbsent(name, content);
                }
                if (asked.incrementAndGet() > 10_000) {
                    throw new AssertionError("claimed ten thousand times: this would never end");
                }
                return PutOutcome.UNKNOWN;
            }
        };
        BrowsableRepository repository = BrowsableRepository.at(forgetful);
        repository.open();
        StoreException thrown = assertThrows(
                StoreException.class, () -> repository.begin(sequence -> SnapshotId.of("snap-" + sequence)));
        assertEquals(StoreException.Reason.OUTCOME_UNKNOWN, thrown.reason());
    }

    /** The size that a store tells is looked at before a byte is read. */
    @Test
    void aManifestThatNoMemoryHoldsIsListedAsInvalidWithoutBeingRead() {
        withSnapshots(2);
        BlobName huge = BlobName.of("snap-1/manifest.json");
        BlobStore store = new ForwardingStore(host.blobs) {
            @Override
            public Optional<BlobInfo> stat(BlobName name) {
                return name.equals(huge) ? Optional.of(new BlobInfo(name, (256L << 20) + 1)) : super.stat(name);
            }

            @Override
            public InputStream read(BlobName name) {
                if (name.equals(huge)) {
                    throw new AssertionError(name + " was read");
                }
                return super.read(name);
            }

            @Override
            public byte[] readRange(BlobName name, long offset, int length) {
                if (name.equals(huge)) {
                    throw new AssertionError(name + " was read");
                }
                return super.readRange(name, offset, length);
            }
        };
        List<StoredSnapshot> found = BrowsableRepository.at(store).list();
        assertEquals(2, found.size());
        assertEquals(
                List.of(BrokenHost.FIRST),
                found.stream()
                        .filter(StoredSnapshot.Invalid.class::isInstance)
                        .map(StoredSnapshot::id)
                        .toList());
        assertTrue(found.stream()
                .filter(StoredSnapshot.Invalid.class::isInstance)
                .noneMatch(invalid -> ((StoredSnapshot.Invalid) invalid).unfinished()));
    }
}
