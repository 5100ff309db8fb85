package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.ListingReader;
import dev.cairn.backup.core.listing.MergeJoin;
import dev.cairn.backup.core.listing.UnchangedRule;
import dev.cairn.backup.core.packed.read.ChunkReader;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.spi.Entry;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the parent knows of entries, met in the order of their paths. A parent that cannot be read costs nothing but the saving. For one thread. */
final class ParentListings {

    private static final Logger LOG = LoggerFactory.getLogger(ParentListings.class);

    private final ChunkReader chunks;
    private final @Nullable PackedManifest manifest;

    private ParentListings(ChunkReader chunks, @Nullable PackedManifest manifest) {
        this.chunks = chunks;
        this.manifest = manifest;
    }

    static ParentListings of(OpenStore store, ChunkIndex readable, Optional<SnapshotId> parent) {
        PackedManifest manifest = null;
        if (parent.isPresent()) {
            try {
                manifest = store.manifests().read(parent.get());
            } catch (BackupException e) {
                LOG.info("Snapshot {} cannot be continued, so everything is read: {}", parent.get(), e.getMessage());
            }
        }
        return new ParentListings(new ChunkReader(store, readable), manifest);
    }

    /** Where chunks of the parent are read. */
    ChunkReader chunks() {
        return chunks;
    }

    /** What it knows of a dataset. */
    Before of(String dataset) {
        ChunkId root = manifest == null ? null : manifest.roots().get(dataset);
        if (manifest == null || root == null) {
            return new Before(null, Instant.MIN);
        }
        return new Before(
                new MergeJoin(new ListingReader(chunks, root, dataset).all()),
                manifest.manifest().metadata().createdAt());
    }

    /** The entries of one dataset. */
    static final class Before {

        private @Nullable MergeJoin entries;
        private final Instant cut;

        Before(@Nullable MergeJoin entries, Instant cut) {
            this.entries = entries;
            this.cut = cut;
        }

        /** The parent's entry of that path; null if there is none or it cannot be read. */
        @Nullable
        ListedEntry at(Entry entry) {
            if (entries == null) {
                return null;
            }
            try {
                return entries.at(entry.path());
            } catch (BackupException e) {
                LOG.warn("The parent's listing cannot be read on, so the rest is read anew: {}", e.getMessage());
                entries = null;
                return null;
            }
        }

        /** Whether the parent's entry has the same content without any doubt. */
        boolean isUnchanged(Entry entry, ListedEntry before) {
            return UnchangedRule.unchanged(entry, before, cut);
        }
    }
}
