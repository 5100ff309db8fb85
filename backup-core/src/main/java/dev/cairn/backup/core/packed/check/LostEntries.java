package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.ListingReader;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.spi.EntryType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names the entries that lack a chunk. Only needed where something is lost, and so it may read the listings again; a leaf that lacks nothing is read once however many snapshots share it. For
 * one thread.
 */
final class LostEntries {

    /** The greatest number of entries that are named for one snapshot. */
    static final int MOST = 10_000;

    private final Set<ChunkId> lost;
    private final ListingChunks listings;
    private final CancellationToken cancellation;
    private final Map<ChunkId, String> wholeLeaves = new HashMap<>(); // With the last path of each.
    private final Set<ChunkId> met = new HashSet<>();

    LostEntries(Inventory inventory, Set<ChunkId> lost, CancellationToken cancellation) {
        this.lost = lost;
        this.listings = new ListingChunks(inventory);
        this.cancellation = cancellation;
    }

    /** What each snapshot lacks; one that lacks nothing is left out. */
    Map<SnapshotId, List<String>> of(List<PackedManifest> manifests) {
        Map<SnapshotId, List<String>> found = new TreeMap<>();
        for (PackedManifest manifest : manifests) {
            List<String> names = new ArrayList<>();
            for (Map.Entry<String, ChunkId> root : new TreeMap<>(manifest.roots()).entrySet()) {
                new Walk(root.getKey(), names).run(root.getValue());
            }
            if (!names.isEmpty()) {
                found.put(manifest.id(), names);
            }
        }
        return found;
    }

    /** Lost chunks that no file needs: they hold hashes of pages, which only spare writers some reading. */
    Set<ChunkId> unused() {
        Set<ChunkId> unused = new HashSet<>(lost);
        unused.removeAll(met);
        return unused;
    }

    /** The walk through one dataset of one snapshot. */
    private final class Walk {

        private final String dataset;
        private final List<String> names;
        private final Set<String> lostFiles = new HashSet<>();
        private @Nullable String before;
        private boolean gap;

        Walk(String dataset, List<String> names) {
            this.dataset = dataset;
            this.names = names;
        }

        void run(ChunkId root) {
            try {
                new ListingReader(listings, root, dataset).forEachChunk(this::descend, chunk -> {});
            } catch (DamagedRepositoryException e) {
                gap = true;
            }
            closeGap(null);
        }

        /** Leaves are read here, entry by entry, and so not descended into. */
        private boolean descend(ChunkId id) {
            cancellation.throwIfCancelled("check");
            byte[] listing = listings.read(id);
            if (listing == null) {
                met.add(id);
                gap = true;
                return false;
            }
            if (!ListingChunks.isLeaf(listing)) {
                return true;
            }
            String last = wholeLeaves.get(id);
            if (last != null && !gap) {
                before = last;
                return false;
            }
            try {
                leaf(id);
            } catch (DamagedRepositoryException e) {
                gap = true;
            }
            return false;
        }

        private void leaf(ChunkId id) {
            boolean whole = true;
            ListingReader.Cursor entries = new ListingReader(listings, id, dataset).all();
            for (ListedEntry entry = entries.next(); entry != null; entry = entries.next()) {
                String path = entry.path().value();
                closeGap(path);
                before = path;
                if (lacks(entry)) {
                    lostFiles.add(path);
                    name(path);
                    whole = false;
                } else if (entry.type() == EntryType.HARD_LINK) {
                    whole = false; // What it names may be in another leaf.
                    if (lostFiles.contains(entry.linkTarget())) {
                        name(path);
                    }
                }
            }
            if (whole && before != null) {
                wholeLeaves.put(id, before);
            }
        }

        private boolean lacks(ListedEntry entry) {
            boolean lacks = false;
            for (Extent extent : entry.extents()) {
                if (lost.contains(extent.chunk())) {
                    met.add(extent.chunk());
                    lacks = true;
                }
            }
            return lacks;
        }

        /** Where a part of the listing is lost, nobody knows the names; the neighbours tell where to look. */
        private void closeGap(@Nullable String after) {
            if (gap) {
                gap = false;
                String from = before == null ? "from the first entry" : "after '" + before + "'";
                String to = after == null ? "to the last" : "before '" + after + "'";
                name("(entries " + from + " " + to + ", whose listing is lost)");
            }
        }

        private void name(String path) {
            if (names.size() < MOST) {
                names.add(dataset + "/" + path);
            }
        }
    }
}
