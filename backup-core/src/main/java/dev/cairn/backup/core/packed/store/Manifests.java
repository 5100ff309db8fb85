package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The manifests in the store. Each is read once, because they never change. Thread-safe. */
public final class Manifests {

    /** Far more than any manifest has: its longest part is the list of files that changed after the cut. */
    private static final int MOST_BYTES = 64 << 20;

    private final BlobStore blobs;
    private final Containers containers;
    private final Map<SnapshotId, SnapshotMetadata> known = new ConcurrentHashMap<>();
    private final Set<SnapshotId> fenced = ConcurrentHashMap.newKeySet();

    /** The manifests of a repository. */
    public Manifests(BlobStore blobs, Containers containers) {
        this.blobs = blobs;
        this.containers = containers;
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
            return PackedManifest.decode(id, containers.open(ContainerKind.MANIFEST, name.value(), stored));
        } catch (BlobNotFoundException e) {
            throw new SnapshotNotFoundException(id);
        } catch (DamagedRepositoryException e) {
            throw new DamagedSnapshotException(id, name.value(), "cannot be used: " + e.getMessage(), e);
        }
    }

    /** Committed snapshots and damaged manifests, in no order. */
    public List<StoredSnapshot> list() {
        List<StoredSnapshot> found = new ArrayList<>();
        Set<SnapshotId> seen = new HashSet<>();
        for (String name : blobs.children(Layout.SNAPSHOTS)) {
            try {
                seen.add(SnapshotId.of(name));
            } catch (InvalidValueException e) {
                // Not ours.
            }
        }
        seen.forEach(id -> look(id, found));
        known.keySet().retainAll(seen);
        fenced.retainAll(seen);
        return found;
    }

    private void look(SnapshotId id, List<StoredSnapshot> found) {
        SnapshotMetadata before = known.get(id);
        if (before != null) {
            found.add(new StoredSnapshot.Committed(before));
            return;
        }
        if (fenced.contains(id)) {
            return;
        }
        try {
            SnapshotMetadata metadata = read(id).manifest().metadata();
            known.put(id, metadata);
            found.add(new StoredSnapshot.Committed(metadata));
        } catch (SnapshotNotFoundException e) {
            fenced.add(id); // A tombstone, which stays; or deleted meanwhile, and then the next listing forgets it.
        } catch (DamagedSnapshotException | UnsupportedFormatException e) {
            found.add(new StoredSnapshot.Invalid(id, e.getMessage(), false));
        }
    }

    /** Forgets what was read, so that a snapshot that was deleted is not remembered. */
    public void forget(SnapshotId id) {
        known.remove(id);
    }
}
