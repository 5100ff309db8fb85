package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What parents know of entries, met in the order of their paths. One that cannot be read costs nothing but the saving. For one thread. */
final class ParentListings {

    private static final Logger LOG = LoggerFactory.getLogger(ParentListings.class);

    private final OpenStore store;
    private final ChunkReader chunks;
    private final Map<SnapshotId, Optional<PackedManifest>> manifests = new HashMap<>();

    ParentListings(OpenStore store, ChunkIndex readable) {
        this.store = store;
        this.chunks = new ChunkReader(store, readable);
    }

    /** Mostly all datasets have the same parent, whose manifest is read once. */
    private Optional<PackedManifest> manifest(SnapshotId id) {
        return manifests.computeIfAbsent(id, parent -> {
            try {
                return Optional.of(store.manifests().read(parent));
            } catch (BackupException e) {
                LOG.info("Snapshot {} cannot be continued, so everything is read: {}", parent, e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** Where chunks of the parents are read. */
    ChunkReader chunks() {
        return chunks;
    }

    /** What a parent knows of a dataset. */
    Before of(Optional<SnapshotId> parent, String dataset) {
        PackedManifest manifest = parent.flatMap(this::manifest).orElse(null);
        ChunkId root = manifest == null ? null : manifest.roots().get(dataset);
        if (manifest == null || root == null) {
            return new Before(null, Instant.MIN, Optional.empty());
        }
        SnapshotMetadata metadata = manifest.manifest().metadata();
        return new Before(
                new MergeJoin(new ListingReader(chunks, root, dataset).all()),
                metadata.createdAt(),
                metadata.dataset(dataset).flatMap(DatasetSummary::log));
    }

    /** The entries of one dataset. */
    static final class Before {

        private @Nullable MergeJoin entries;
        private final Instant cut;
        private final Optional<LogPosition> log;

        Before(@Nullable MergeJoin entries, Instant cut, Optional<LogPosition> log) {
            this.entries = entries;
            this.cut = cut;
            this.log = log;
        }

        /** Where the dataset's change log stood. */
        Optional<LogPosition> log() {
            return log;
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
