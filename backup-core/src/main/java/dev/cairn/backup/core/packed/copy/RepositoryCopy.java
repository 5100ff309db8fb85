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
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.index.LiveChunks;
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
import dev.cairn.backup.spi.ProofStore;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One copy. Snapshots go over oldest first, each with its packs before its manifest, then segments of change logs, and what is there already is passed over: a copy that was interrupted goes on
 * where it was. Nothing is ever removed from the second store.
 */
public final class RepositoryCopy {

    private static final Logger LOG = LoggerFactory.getLogger(RepositoryCopy.class);
    private static final int ATTEMPTS = 3;
    private static final int MOST_SMALL_BLOB = 96 << 20;

    private final OpenStore source;
    private final BlobStore target;
    private final CancellationToken cancellation;
    private final ProgressMeter meter;
    private final Map<String, Long> present = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
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
        lookAtTarget();
        copyFolder("keys");
        small(Layout.DESCRIPTION);
        copyFolder("ids");
        for (int attempt = 1; ; attempt++) {
            try {
                copySnapshots();
                break;
            } catch (BlobNotFoundException e) {
                // A sweep of the source has moved what was to be copied, or replaced a segment: look again.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
        copySegments();
        copyFolder(ProofStore.STUBS);
        copyFolder(ProofStore.RECEIPTS);
        meter.report();
        return new CopyReport(snapshots, blobs, bytes, skipped, Duration.ofNanos(System.nanoTime() - start));
    }

    private void lookAtTarget() {
        present.clear();
        for (String folder : List.of(Layout.PACKS, Layout.INDEX, Layout.SNAPSHOTS)) {
            target.list(folder).forEach(blob -> present.put(blob.name().value(), blob.size()));
        }
    }

    private void copySnapshots() {
        List<StoredSnapshot.Committed> oldestFirst = source.manifests().list().stream()
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(StoredSnapshot.Committed.class::cast)
                .sorted(Comparator.comparingLong(stored -> stored.metadata().sequence()))
                .toList();
        SecondStore second = new SecondStore(
                target,
                () -> oldestFirst.stream()
                        .mapToLong(stored -> stored.metadata().sequence())
                        .max()
                        .orElse(0));
        StoredIndex.View view = source.index().view();
        Marking marking = new Marking(source, view.sound(), cancellation);
        for (StoredSnapshot.Committed stored : oldestFirst) {
            try (PackedReader held = PackedReader.open(source, stored.id())) {
                copy(held, stored.id(), marking, view, second);
            } catch (SnapshotNotFoundException e) {
                // Deleted meanwhile.
            }
        }
    }

    private void copy(PackedReader held, SnapshotId id, Marking marking, StoredIndex.View view, SecondStore second) {
        meter.dataset(id.value());
        long unknown = marking.unknown();
        marking.mark(held.packedManifest());
        if (marking.unknown() > unknown) {
            throw new DamagedSnapshotException(
                    id, "its content", "is not whole, so that it cannot be copied: check the repository", null);
        }
        List<LiveChunks.PackUse> used = marking.live().packs().stream()
                .filter(LiveChunks.PackUse::isUsed)
                .toList();
        if (isThere(id, used)) {
            transfer(id, used, view);
        } else {
            try (SecondStore.Writing writing = second.begin(id)) {
                LOG.debug("{} is copied under {}", id, writing);
                lookAtTarget();
                transfer(id, used, view);
            }
        }
        copyFolder(Layout.MARKS + "/" + id);
        meter.advanced(1, 0);
    }

    /** Whether nothing but marks is left to be put. */
    private boolean isThere(SnapshotId id, List<LiveChunks.PackUse> used) {
        return present.containsKey(Sessions.manifest(id).value())
                && used.stream().allMatch(use -> isThere(use.pack().blob(), use.size()));
    }

    private boolean isThere(BlobName name, long size) {
        return Long.valueOf(size).equals(present.get(name.value()));
    }

    /** Packs, then segments, then the manifest. */
    private void transfer(SnapshotId id, List<LiveChunks.PackUse> used, StoredIndex.View view) {
        for (LiveChunks.PackUse use : used) {
            hashed(use.pack().blob(), use.size());
        }
        for (BlobInfo segment : view.segments()) {
            hashed(segment.name(), segment.size());
        }
        if (small(Sessions.manifest(id))) {
            snapshots++;
        }
    }

    /**
     * Segments are no part of any snapshot: a damaged one keeps no snapshot from being copied, nor any other segment.
     *
     * @throws DamagedRepositoryException in the end, if one was not copied
     */
    private void copySegments() {
        DamagedRepositoryException damage = null;
        target.list(Layout.SEGMENTS).forEach(blob -> present.put(blob.name().value(), blob.size()));
        for (BlobInfo segment : source.blobs().list(Layout.SEGMENTS)) {
            if (isThere(segment.name(), segment.size())) {
                skipped++;
                continue;
            }
            try {
                small(segment.name());
            } catch (DamagedRepositoryException e) {
                damage = damage == null ? e : damage;
            }
        }
        if (damage != null) {
            throw damage;
        }
    }

    private void copyFolder(String folder) {
        source.blobs().list(folder).forEach(blob -> small(blob.name()));
    }

    /** Copies a blob whose name is its hash; the put fails if what is read is something else. */
    private void hashed(BlobName name, long size) {
        cancellation.throwIfCancelled("copy");
        boolean first = seen.add(name.value());
        if (isThere(name, size)) {
            skipped += first ? 1 : 0;
            return;
        }
        Layout.put(target, name, () -> new HashedStream(source.blobs().read(name), name));
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
        if (name.value().startsWith(Layout.SEGMENTS + "/")) {
            source.containers().open(ContainerKind.SEGMENT, name.value(), body);
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
