package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.core.chunk.FastCdc;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.spi.BlobStore;

/**
 * An opened packed repository: the store, the keys, and what is known of its index. Thread-safe.
 *
 * @param blobs the store
 * @param description what {@code cairn.json} says
 * @param containers encrypts and decrypts
 * @param cdc cuts long contents
 * @param index which chunk is in which pack
 * @param manifests the committed snapshots
 * @param sessions running writers and sweeps
 * @param tools hashers and codecs
 * @param workers the threads that do the work
 */
public record OpenStore(
        BlobStore blobs,
        Description description,
        Containers containers,
        FastCdc cdc,
        StoredIndex index,
        Manifests manifests,
        Sessions sessions,
        Toolbox tools,
        Workers workers)
        implements AutoCloseable {

    /** Opens it. */
    public static OpenStore of(BlobStore blobs, Description description, RepositorySecrets secrets) {
        Containers containers = new Containers(description.id(), secrets);
        Workers workers = new Workers();
        return new OpenStore(
                blobs,
                description,
                containers,
                FastCdc.of(secrets.gearKey()),
                new StoredIndex(blobs, containers),
                new Manifests(blobs, containers, workers),
                new Sessions(blobs),
                new Toolbox(secrets.chunkIdKey()),
                workers);
    }

    /** Ends the threads and lets native memory go. The store stays open. */
    @Override
    public void close() {
        workers.close();
        tools.close();
    }
}
