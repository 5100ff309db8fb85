package dev.cairn.backup.core.packed.copy;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.core.index.LiveChunks;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.CopyReport;
import dev.cairn.backup.core.packed.read.PackedReader;
import dev.cairn.backup.core.packed.store.Description;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.core.packed.store.StoredIndex;
import dev.cairn.backup.core.packed.sweep.Marking;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.StoredSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One copy. Snapshots go over oldest first, each with its packs before its manifest, and what is there already is passed over: a copy that was interrupted goes on where it was. Nothing is
 * ever removed from the second store.
 */
public final class RepositoryCopy {

    private static final int MOST_SMALL_BLOB = 64 << 20;

    private final OpenStore source;
    private final BlobStore target;
    private final CancellationToken cancellation;
    private final ProgressMeter meter;
    private final Map<String, Long> present = new HashMap<>();
    private final Set<PackId> carried = new HashSet<>();
    private final long start = System.nanoTime();
    private long snapshots;
    private long blobs;
    private long bytes;
    private long skipped;

    private RepositoryCopy(
            OpenStore source, BlobStore target, ProgressListener progress, CancellationToken cancellation) {
        this.source = source;
        this.target = target;
        this.cancellation = cancellation;
        this.meter = new ProgressMeter("copy", OptionalLong.empty(), progress::onProgress);
    }

    /**
     * Copies what the second store lacks.
     *
     * @throws DamagedRepositoryException if a blob is not what its name says; it was not copied
     * @throws ConfigurationException if the second store holds another repository
     */
    public static CopyReport run(
            OpenStore source, BlobStore target, ProgressListener progress, CancellationToken cancellation) {
        return new RepositoryCopy(source, target, progress, cancellation).run();
    }

    private CopyReport run() {
        Optional<Description> there = Description.find(target);
        if (there.isPresent()
                && !there.get().repository().equals(source.description().repository())) {
            throw new ConfigurationException(
                    target.describe() + " holds another repository", "Copy to an empty store, or to an earlier copy");
        }
        for (String folder : List.of(Layout.PACKS, Layout.INDEX, Layout.SNAPSHOTS)) {
            target.list(folder).forEach(blob -> present.put(blob.name().value(), blob.size()));
        }
        copyFolder("keys");
        small(Layout.DESCRIPTION);
        copyFolder("ids");
        List<SnapshotId> oldestFirst = source.manifests().list().stream()
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(StoredSnapshot.Committed.class::cast)
                .sorted(Comparator.comparingLong(stored -> stored.metadata().sequence()))
                .map(StoredSnapshot::id)
                .toList();
        StoredIndex.View view = source.index().view();
        Marking marking = new Marking(source, view.sound(), cancellation);
        for (SnapshotId id : oldestFirst) {
            try (PackedReader held = PackedReader.open(source, id)) {
                copy(held, id, marking, view);
            } catch (SnapshotNotFoundException e) {
                // Deleted meanwhile.
            }
        }
        meter.report();
        return new CopyReport(snapshots, blobs, bytes, skipped, Duration.ofNanos(System.nanoTime() - start));
    }

    private void copy(PackedReader held, SnapshotId id, Marking marking, StoredIndex.View view) {
        meter.dataset(id.value());
        long unknown = marking.unknown();
        marking.mark(held.packedManifest());
        if (marking.unknown() > unknown) {
            throw new DamagedSnapshotException(
                    id, "its content", "is not whole, so that it cannot be copied: check the repository", null);
        }
        for (LiveChunks.PackUse use : marking.live().packs()) {
            if (use.isUsed() && carried.add(use.pack())) {
                hashed(use.pack().blob(), use.size());
            }
        }
        for (BlobInfo segment : view.segments()) {
            hashed(segment.name(), segment.size());
        }
        if (small(Sessions.manifest(id))) {
            snapshots++;
        }
        copyFolder(Layout.MARKS + "/" + id);
        meter.advanced(1, 0);
    }

    private void copyFolder(String folder) {
        source.blobs().list(folder).forEach(blob -> small(blob.name()));
    }

    /** Copies a blob whose name is its hash; the put fails if what is read is something else. */
    private void hashed(BlobName name, long size) {
        cancellation.throwIfCancelled("copy");
        if (Long.valueOf(size).equals(present.get(name.value()))) {
            skipped++;
            return;
        }
        try {
            Layout.put(target, name, () -> new HashedStream(source.blobs().read(name), name));
        } catch (BlobNotFoundException e) {
            if (name.value().startsWith(Layout.INDEX)) {
                return; // Replaced by a sweep; what it said of packs that are copied can be rebuilt.
            }
            throw e;
        }
        copied(name, size);
    }

    /** Copies a small blob; false if the same is there already. */
    private boolean small(BlobName name) {
        cancellation.throwIfCancelled("copy");
        byte[] body;
        try {
            body = Layout.read(source.blobs(), name, MOST_SMALL_BLOB);
        } catch (BlobNotFoundException e) {
            return false;
        }
        PutOutcome outcome = Layout.put(target, name, BlobContent.of(body));
        if (outcome == PutOutcome.EXISTS) {
            if (!Arrays.equals(Layout.read(target, name, MOST_SMALL_BLOB), body)) {
                conflict(name);
            }
            skipped++;
            return false;
        }
        copied(name, body.length);
        return true;
    }

    private static void conflict(BlobName name) {
        if (name.value().startsWith(Layout.SNAPSHOTS + "/")) {
            throw new SnapshotExistsException(SnapshotId.of(name.lastComponent()));
        }
        throw new ConfigurationException(
                "The second store has something else as " + name, "Copy to an empty store, or to an earlier copy");
    }

    private void copied(BlobName name, long size) {
        present.put(name.value(), size);
        blobs++;
        bytes += size;
        meter.advanced(0, size);
    }
}
