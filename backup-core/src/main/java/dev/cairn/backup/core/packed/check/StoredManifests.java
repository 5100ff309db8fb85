package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.spi.BlobInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The manifests as they are in the store now.
 *
 * @param readable newest first
 * @param damaged those that cannot be used, with the reason
 * @param count how many there are
 */
record StoredManifests(List<PackedManifest> readable, Map<SnapshotId, String> damaged, long count) {

    static StoredManifests read(OpenStore store, Findings findings, CancellationToken cancellation) {
        List<PackedManifest> readable = new ArrayList<>();
        Map<SnapshotId, String> damaged = new TreeMap<>();
        long count = 0;
        for (BlobInfo blob : store.blobs().list(Layout.SNAPSHOTS)) {
            cancellation.throwIfCancelled("check");
            SnapshotId id;
            try {
                id = SnapshotId.of(blob.name().value().substring(Layout.SNAPSHOTS.length() + 1));
            } catch (InvalidValueException e) {
                continue; // Not ours.
            }
            if (Sessions.isTombstone(blob.size())) {
                continue;
            }
            count++;
            try {
                readable.add(store.manifests().read(id));
                findings.read(blob.size());
            } catch (SnapshotNotFoundException e) {
                count--; // Deleted meanwhile.
            } catch (UnsupportedFormatException e) {
                findings.warning(Findings.sentence(e));
            } catch (DamagedSnapshotException e) {
                damaged.put(id, blob.name() + " is damaged: " + Findings.sentence(e));
            } catch (StoreException e) {
                damaged.put(id, blob.name() + " is damaged: " + Findings.readError(e));
            }
        }
        damaged.values().forEach(findings::problem);
        readable.sort(Comparator.<PackedManifest>comparingLong(
                        manifest -> manifest.manifest().metadata().sequence())
                .reversed());
        return new StoredManifests(readable, damaged, count);
    }
}
