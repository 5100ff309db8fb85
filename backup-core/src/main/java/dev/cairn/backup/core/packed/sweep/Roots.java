package dev.cairn.backup.core.packed.sweep;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.packed.read.ReaderRecord;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.StoredSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The manifests that tell what is needed: those of committed snapshots, and those that are being read. */
final class Roots {

    private static final Logger LOG = LoggerFactory.getLogger(Roots.class);

    /** A record of a process that died must not keep what it read for ever; taking it from a living one ends in a typed error there, not in a loss. */
    private static final Duration PATIENCE_WITH_READERS = Duration.ofDays(1);

    private static final int MOST_RECORD_BYTES = 80 << 20;

    private Roots() {}

    /** A manifest and the blob without which nobody needs it any more. */
    private record Root(PackedManifest manifest, BlobName blob) {}

    /**
     * Marks everything that is needed.
     *
     * @throws DamagedSnapshotException if a manifest or a listing cannot be read, unless it was deleted meanwhile and another sweep has freed it
     */
    static void markAll(OpenStore store, Marking marking) {
        for (Root root : list(store)) {
            try {
                marking.mark(root.manifest());
            } catch (DamagedSnapshotException e) {
                if (store.blobs().stat(root.blob()).isPresent()) {
                    throw e;
                }
                LOG.debug(
                        "Snapshot {} was deleted and freed while it was marked",
                        root.manifest().id());
            }
        }
    }

    /**
     * Reads them, snapshots first: a reader that looks whether its manifest is still there has put its record before.
     *
     * @throws DamagedSnapshotException if one cannot be read
     */
    private static List<Root> list(OpenStore store) {
        List<Root> found = new ArrayList<>();
        for (StoredSnapshot stored : store.manifests().list()) {
            try {
                found.add(new Root(store.manifests().read(stored.id()), Sessions.manifest(stored.id())));
            } catch (SnapshotNotFoundException e) {
                // Deleted meanwhile.
            }
        }
        Instant now = Instant.now();
        for (BlobInfo blob : store.blobs().list(Layout.READERS)) {
            try {
                byte[] stored = Layout.read(store.blobs(), blob.name(), MOST_RECORD_BYTES);
                ReaderRecord record = ReaderRecord.decode(
                        blob.name().value(),
                        store.containers()
                                .open(ContainerKind.READER, blob.name().value(), stored));
                if (Duration.between(record.started(), now).abs().compareTo(PATIENCE_WITH_READERS) > 0) {
                    store.blobs().delete(blob.name());
                } else {
                    found.add(new Root(record.manifest(), blob.name()));
                }
            } catch (BlobNotFoundException e) {
                // It has ended meanwhile.
            }
        }
        return found;
    }
}
