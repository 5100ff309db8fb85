package dev.cairn.backup.core.packed.read;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.ListingReader;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One dataset of a packed snapshot. Thread-safe. */
final class PackedDataset implements DatasetReader {

    private final OpenStore store;
    private final ChunkReader chunks;
    private final SnapshotMetadata metadata;
    private final DatasetSummary summary;
    private final @Nullable ChunkId root;

    PackedDataset(
            OpenStore store,
            ChunkReader chunks,
            SnapshotMetadata metadata,
            DatasetSummary summary,
            @Nullable ChunkId root) {
        this.store = store;
        this.chunks = chunks;
        this.metadata = metadata;
        this.summary = summary;
        this.root = root;
    }

    @Override
    public SnapshotMetadata snapshot() {
        return metadata;
    }

    @Override
    public DatasetSummary summary() {
        return summary;
    }

    @Override
    public EntryCursor entries() {
        return entries(EntryPath.ROOT);
    }

    @Override
    public EntryCursor entries(EntryPath top) {
        if (root == null) {
            return EntryCursor.of(List.of());
        }
        ListingReader listing = new ListingReader(chunks, root, summary.name());
        ListingReader.Cursor listed = typed("the listing", () -> top.isRoot() ? listing.all() : listing.below(top));
        return new EntryCursor() {
            private long count;

            @Override
            public @Nullable Entry next() {
                ListedEntry entry = typed("the listing", listed::next);
                if (entry != null) {
                    count++;
                    return entry(entry);
                }
                if (top.isRoot() && count != summary.entries()) {
                    throw new DamagedSnapshotException(
                            id(),
                            summary.name() + "/the listing",
                            "has " + count + " entries, the manifest counts " + summary.entries(),
                            null);
                }
                return null;
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    private Entry entry(ListedEntry listed) {
        return listed.toEntry(listed.type() == EntryType.FILE ? new Content(listed) : EntryContent.EMPTY);
    }

    @Override
    public void contents(List<Entry> files, ContentSink sink, CancellationToken cancellation) throws IOException {
        PackOrder order = new PackOrder(store, chunks, sink, cancellation, "reading snapshot " + metadata.id());
        for (int i = 0; i < files.size(); i++) {
            if (!(files.get(i).content() instanceof Content content)) {
                throw new IllegalArgumentException(files.get(i).path() + " is no file of a packed snapshot");
            }
            order.add(i, content.listed.path(), content.listed.extents());
        }
        order.run(this::damaged);
    }

    private DamagedSnapshotException damaged(String path, DamagedRepositoryException e) {
        return new DamagedSnapshotException(id(), summary.name() + "/" + path, "cannot be read: " + e.getMessage(), e);
    }

    private <T extends @Nullable Object> T typed(String what, Supplier<T> step) {
        try {
            return step.get();
        } catch (DamagedRepositoryException e) {
            throw damaged(what, e);
        }
    }

    private SnapshotId id() {
        return metadata.id();
    }

    /** @throws DamagedRepositoryException if an extent reaches beyond its chunk */
    static void requireWithin(Extent extent, int chunkLength) {
        if (extent.offset() < 0 || extent.length() < 0 || extent.offset() > chunkLength - extent.length()) {
            throw new DamagedRepositoryException(
                    "chunk " + extent.chunk().hex(), "has " + chunkLength + " bytes, fewer than are asked of it", null);
        }
    }

    /** The content of one file. */
    private final class Content implements EntryContent {

        private final ListedEntry listed;

        Content(ListedEntry listed) {
            this.listed = listed;
        }

        @Override
        public int pageSize() {
            return listed.pages() == null ? 0 : listed.pages().pageSize();
        }

        /** A chunk's id is a keyed digest of its bytes, so that equal extents are equal bytes. Unequal ones may be as well: pages are gathered as it suits the repository. */
        @Override
        public boolean isKnownToEqual(EntryContent other) {
            return other instanceof Content that && listed.extents().equals(that.listed.extents());
        }

        @Override
        public InputStream open() {
            return new ExtentStream(id -> typed(listed.path().value(), () -> chunks.get(id)), listed.extents());
        }
    }
}
