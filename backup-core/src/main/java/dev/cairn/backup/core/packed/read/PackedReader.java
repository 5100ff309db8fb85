package dev.cairn.backup.core.packed.read;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one snapshot; while it is open, sweeps keep what the snapshot needs, also after it was deleted. Thread-safe. */
public final class PackedReader implements SnapshotReader {

    private static final Logger LOG = LoggerFactory.getLogger(PackedReader.class);

    private final OpenStore store;
    private final PackedManifest manifest;
    private final Optional<BlobName> record;
    private final ChunkReader chunks;

    private PackedReader(OpenStore store, PackedManifest manifest, Optional<BlobName> record) {
        this.store = store;
        this.manifest = manifest;
        this.record = record;
        this.chunks = new ChunkReader(store, store.index().view().readable());
    }

    /**
     * Opens a snapshot and records its reader.
     *
     * @throws SnapshotNotFoundException if there is none
     */
    public static PackedReader open(OpenStore store, SnapshotId id) {
        PackedManifest manifest = store.manifests().read(id);
        Optional<BlobName> record = register(store, manifest);
        try {
            if (store.blobs().stat(Sessions.manifest(id)).isEmpty()) {
                throw new SnapshotNotFoundException(id);
            }
            return new PackedReader(store, manifest, record);
        } catch (RuntimeException | Error e) {
            record.ifPresent(name -> release(store, name));
            throw e;
        }
    }

    /** The record holds a copy of the manifest, which tells a sweep what to keep when the manifest itself is gone. */
    private static Optional<BlobName> register(OpenStore store, PackedManifest manifest) {
        BlobName name =
                BlobName.of(Layout.READERS + "/" + UUID.randomUUID().toString().replace("-", ""));
        try {
            byte[] body = ReaderRecord.of(manifest, java.time.Instant.now()).encode();
            Layout.put(
                    store.blobs(),
                    name,
                    BlobContent.of(store.containers().seal(ContainerKind.READER, name.value(), body)));
            return Optional.of(name);
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.OUTCOME_UNKNOWN) {
                return Optional.of(name);
            }
            // A store that cannot be written can be read all the same; a sweep of somebody else may then take what is
            // read.
            LOG.info("Reading snapshot {} without a record: {}", manifest.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private static void release(OpenStore store, BlobName record) {
        try {
            store.blobs().delete(record);
        } catch (StoreException e) {
            LOG.debug("The reader's record {} stays: {}", record, e.getMessage());
        }
    }

    /** The manifest with the roots of its listings. */
    public PackedManifest packedManifest() {
        return manifest;
    }

    @Override
    public SnapshotManifest manifest() {
        return manifest.manifest();
    }

    @Override
    public DatasetReader dataset(String name) {
        DatasetSummary summary = manifest.manifest()
                .metadata()
                .dataset(name)
                .orElseThrow(() -> new InvalidValueException(
                        "dataset",
                        name,
                        manifest.manifest().metadata().datasets().stream()
                                .map(DatasetSummary::name)
                                .toList()
                                .toString()));
        return new PackedDataset(
                store,
                chunks,
                manifest.manifest().metadata(),
                summary,
                manifest.roots().get(name));
    }

    @Override
    public void close() {
        record.ifPresent(name -> release(store, name));
    }
}
