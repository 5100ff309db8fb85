package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.work.Awaited;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The manifests in the store. Each is read once, because they never change; their names are listed each time. Thread-safe. */
public final class Manifests {

    /** Far more than any manifest has: its longest part is the list of files that changed after the cut. */
    private static final int MOST_BYTES = 64 << 20;

    private static final Comparator<StoredSnapshot> BY_NUMBER = Comparator.comparingLong(Manifests::number);

    /** Manifests that one task reads. */
    private static final int SHARE = 32;

    private final BlobStore blobs;
    private final Containers containers;
    private final Workers workers;
    /** By the name of the blob, in about the order of their numbers. */
    private final Map<String, StoredSnapshot.Committed> known = new LinkedHashMap<>();

    private final Set<String> empty = new HashSet<>();

    /** What the manifests that were read prove, for {@link #knownProof}. */
    private final Map<SnapshotId, SnapshotProof> proofs = new ConcurrentHashMap<>();

    /** The manifests of a repository. */
    public Manifests(BlobStore blobs, Containers containers, Workers workers) {
        this.blobs = blobs;
        this.containers = containers;
        this.workers = workers;
    }

    /** What is stored for a manifest. */
    public byte[] seal(PackedManifest manifest) {
        return containers.seal(
                ContainerKind.MANIFEST, Sessions.manifest(manifest.id()).value(), manifest.encode());
    }

    /**
     * Reads a manifest.
     *
     * @throws SnapshotNotFoundException if there is none, or a tombstone
     * @throws DamagedSnapshotException if it is not what was written
     */
    public PackedManifest read(SnapshotId id) {
        byte[] stored;
        BlobName name = Sessions.manifest(id);
        try {
            stored = Layout.read(blobs, name, MOST_BYTES);
            if (Sessions.isTombstone(stored.length)) {
                throw new SnapshotNotFoundException(id);
            }
            PackedManifest manifest =
                    PackedManifest.decode(id, containers.open(ContainerKind.MANIFEST, name.value(), stored));
            manifest.proof().ifPresent(proof -> proofs.put(id, proof));
            return manifest;
        } catch (BlobNotFoundException e) {
            throw new SnapshotNotFoundException(id);
        } catch (DamagedRepositoryException e) {
            throw new DamagedSnapshotException(id, name.value(), "cannot be used: " + e.getMessage(), e);
        }
    }

    /** What a manifest proves, as it was when it was last read; it is read if it never was. */
    public SnapshotProof knownProof(SnapshotId id) {
        SnapshotProof known = proofs.get(id);
        return known != null ? known : proof(id);
    }

    /** What a manifest proves, read now. */
    public SnapshotProof proof(SnapshotId id) {
        return read(id).proof().orElseThrow();
    }

    /** Damaged manifests, then committed snapshots by their numbers. */
    public synchronized List<StoredSnapshot> list() {
        Set<String> names = blobs.children(Layout.SNAPSHOTS);
        known.keySet().removeIf(name -> !names.contains(name));
        proofs.keySet().removeIf(id -> !names.contains(id.value()));
        empty.removeIf(name -> !names.contains(name));
        List<StoredSnapshot> damaged = new ArrayList<>();
        if (names.size() > known.size() + empty.size()) {
            List<String> fresh = names.stream()
                    .filter(name -> !known.containsKey(name) && !empty.contains(name))
                    .toList();
            for (Looked looked : look(fresh)) {
                if (looked.found() instanceof StoredSnapshot.Committed committed) {
                    known.put(looked.name(), committed);
                } else if (looked.found() != null) {
                    damaged.add(looked.found());
                } else if (looked.stays()) {
                    empty.add(looked.name());
                }
            }
        }
        List<StoredSnapshot> found = new ArrayList<>(known.size() + damaged.size());
        found.addAll(damaged);
        found.addAll(known.values());
        found.sort(BY_NUMBER); // Nearly in order already: only what others wrote meanwhile is not.
        return found;
    }

    /** Committed snapshots that were read before, by their numbers; nothing is listed. */
    synchronized List<StoredSnapshot> known() {
        List<StoredSnapshot> found = new ArrayList<>(known.values());
        found.sort(BY_NUMBER);
        return found;
    }

    /** Reads a manifest that was put since the last listing, if there is one; a damaged one is left to the next listing. */
    synchronized void add(SnapshotId id) {
        if (!known.containsKey(id.value()) && look(id.value()).found() instanceof StoredSnapshot.Committed committed) {
            known.put(id.value(), committed);
        }
    }

    /**
     * What is under a name.
     *
     * @param found null for a tombstone, for what was deleted meanwhile and for what is not ours
     * @param stays whether nothing else will ever be under it; a copy may bring back what was deleted
     */
    private record Looked(String name, @Nullable StoredSnapshot found, boolean stays) {}

    private Looked look(String name) {
        SnapshotId id;
        try {
            id = SnapshotId.of(name);
        } catch (InvalidValueException e) {
            return new Looked(name, null, true);
        }
        try {
            return new Looked(
                    name, new StoredSnapshot.Committed(read(id).manifest().metadata()), false);
        } catch (SnapshotNotFoundException e) {
            boolean tombstone = blobs.stat(Sessions.manifest(id))
                    .filter(blob -> Sessions.isTombstone(blob.size()))
                    .isPresent();
            return new Looked(name, null, tombstone);
        } catch (DamagedSnapshotException | UnsupportedFormatException e) {
            return new Looked(name, new StoredSnapshot.Invalid(id, e.getMessage(), false), false);
        }
    }

    /**
     * Reads several at a time: a repository of thousands of snapshots is opened by reading as many small blobs. Not on the threads that compute, which a restore or a check takes for as long as
     * it lasts.
     */
    private List<Looked> look(List<String> names) {
        if (names.size() <= SHARE) {
            return names.stream().map(this::look).toList();
        }
        List<Looked> found = new ArrayList<>(names.size());
        try (TaskGroup tasks = workers.storing()) {
            List<Future<List<Looked>>> shares = new ArrayList<>();
            for (int from = 0; from < names.size(); from += SHARE) {
                List<String> share = names.subList(from, Math.min(from + SHARE, names.size()));
                shares.add(tasks.submit(() -> share.stream().map(this::look).toList()));
            }
            shares.forEach(share -> found.addAll(Awaited.uninterrupted(share)));
        }
        return found;
    }

    private static long number(StoredSnapshot snapshot) {
        return snapshot instanceof StoredSnapshot.Committed committed
                ? committed.metadata().sequence()
                : 0;
    }

    /** Forgets what was read, so that a snapshot that was deleted is not remembered. */
    public synchronized void forget(SnapshotId id) {
        known.remove(id.value());
        proofs.remove(id);
    }
}
