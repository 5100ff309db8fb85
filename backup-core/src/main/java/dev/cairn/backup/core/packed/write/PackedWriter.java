package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.ListingWriter;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.core.packed.store.StoredIndex;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one snapshot. Contents that the parent has and the dataset identifies as unchanged are not opened; chunks that are stored already are not stored again. A writer that fails leaves
 * packs that no snapshot needs, for a sweep.
 */
public final class PackedWriter implements SnapshotWriter {

    private static final Logger LOG = LoggerFactory.getLogger(PackedWriter.class);

    private final OpenStore store;
    private final Sessions.Session session;
    private final SnapshotId id;
    private final ChunkStoring chunks;
    private final ParentListings parents;
    private final boolean mayMerge;
    private final Map<String, ChunkId> roots = new LinkedHashMap<>();
    private boolean ended;

    private PackedWriter(
            OpenStore store,
            Sessions.Session session,
            SnapshotId id,
            StoredIndex.WriterView view,
            ParentListings parents) {
        this.store = store;
        this.session = session;
        this.id = id;
        this.chunks = new ChunkStoring(store, view.usable());
        this.parents = parents;
        this.mayMerge = view.mayMerge();
    }

    /**
     * Begins a snapshot whose session is recorded: only now is the store listed, so that every sweep that does not wait for the session is seen.
     */
    public static PackedWriter begin(OpenStore store, Sessions.Session session, SnapshotId id) {
        StoredIndex.WriterView view = store.index().forWriter();
        return new PackedWriter(store, session, id, view, new ParentListings(store, view.readable()));
    }

    @Override
    public SnapshotId id() {
        return id;
    }

    @Override
    public long sequence() {
        return session.number();
    }

    @Override
    public DatasetSummary write(
            Dataset dataset,
            FrozenView frozen,
            Optional<SnapshotId> parent,
            EntryProgress progress,
            CancellationToken cancellation) {
        ListingWriter listing = new ListingWriter(chunks);
        ParentListings.Before before = parents.of(parent, dataset.name());
        try (EntryCursor cursor = frozen.entries();
                Pipeline pipeline = new Pipeline(
                        store,
                        chunks,
                        parents.chunks(),
                        before.log(),
                        listing,
                        dataset.name(),
                        cancellation,
                        progress)) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                cancellation.throwIfCancelled("snapshot " + id);
                Slot slot = new Slot(entry);
                if (entry.type() != EntryType.FILE) {
                    pipeline.listed(slot);
                    continue;
                }
                ListedEntry earlier = before.at(entry);
                if (earlier != null && before.isUnchanged(entry, earlier) && areStored(earlier)) {
                    slot.stored(earlier.extents(), earlier.size(), earlier.pages());
                    pipeline.listed(slot);
                } else {
                    pipeline.read(slot, earlier);
                }
            }
            ChunkId root = pipeline.finish();
            if (root == null) {
                roots.remove(dataset.name());
            } else {
                roots.put(dataset.name(), root);
            }
            return new DatasetSummary(
                    dataset.name(),
                    dataset.kind(),
                    true,
                    pipeline.entries(),
                    pipeline.bytes(),
                    frozen.identity(),
                    frozen.counts(),
                    frozen.logPosition());
        }
    }

    /** What is condemned, damaged or gone is read from the source again. */
    private boolean areStored(ListedEntry entry) {
        return entry.extents().stream().allMatch(extent -> chunks.isStored(extent.chunk()))
                && (entry.pages() == null
                        || entry.pages().hashes().stream().allMatch(extent -> chunks.isStored(extent.chunk())));
    }

    /** The chunks stay: they are as good for the next attempt. */
    @Override
    public void restart() {
        roots.clear();
    }

    @Override
    public void commit(SnapshotManifest manifest) {
        chunks.finish();
        if (mayMerge) {
            store.index().merge(); // While the session stands, so that no sweep takes itself to be alone.
        }
        byte[] sealed = store.manifests().seal(new PackedManifest(manifest, roots));
        BlobName name = Sessions.manifest(id);
        ended = true; // Until the store has answered, the manifest may be there: then the session must stay.
        PutOutcome outcome;
        try {
            outcome = store.blobs().putIfAbsent(name, BlobContent.of(sealed));
        } catch (StoreException e) {
            ended = e.reason() == StoreException.Reason.OUTCOME_UNKNOWN;
            throw e;
        }
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "Snapshot '" + id + "' may or may not be durable",
                    "Verify it before you rely on it, or take another",
                    null);
        }
        // What is there may be this very manifest, from a put whose answer the store lost and which it tried again.
        if (outcome == PutOutcome.EXISTS && !holds(name, sealed)) {
            ended = false;
            throw new StoreException(
                    StoreException.Reason.IO,
                    "Snapshot '" + id + "' was given up by a prune that took its writer for dead",
                    "Take the snapshot again",
                    null);
        }
        endSession();
    }

    private boolean holds(BlobName name, byte[] bytes) {
        try {
            return Arrays.equals(Layout.read(store.blobs(), name, bytes.length + 1), bytes);
        } catch (BlobNotFoundException e) {
            return false;
        } catch (StoreException e) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "Snapshot '" + id + "' may or may not be durable: " + e.getMessage(),
                    "Verify it before you rely on it, or take another",
                    e);
        }
    }

    /** A session that stays only keeps sweeps waiting, until a prune takes it for a remnant and finds its snapshot. */
    private void endSession() {
        ended = true;
        try {
            store.sessions().end(session);
        } catch (BackupException e) {
            LOG.warn("The record of the session of snapshot {} stays; a later prune removes it", id, e);
        }
    }

    @Override
    public void close() {
        chunks.close();
        if (!ended) {
            endSession();
        }
    }
}
