package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.packed.read.ReaderRecord;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The records of running readers. One that cannot be read keeps every sweep from its work, because nobody knows what it needs.
 *
 * @param began when each reader began
 * @param damaged those that cannot be read, with the reason
 */
record ReaderRecords(Map<BlobName, Instant> began, Map<BlobName, String> damaged) {

    private static final int MOST_BYTES = 80 << 20;

    static ReaderRecords read(OpenStore store) {
        Map<BlobName, Instant> began = new TreeMap<>();
        Map<BlobName, String> damaged = new TreeMap<>();
        for (BlobInfo blob : store.blobs().list(Layout.READERS)) {
            BlobName name = blob.name();
            try {
                byte[] stored = Layout.read(store.blobs(), name, MOST_BYTES);
                byte[] body = store.containers().open(ContainerKind.READER, name.value(), stored);
                began.put(name, ReaderRecord.decode(name.value(), body).started());
            } catch (BlobNotFoundException | UnsupportedFormatException e) {
                continue; // It has ended meanwhile, or is a newer version's, which knows better.
            } catch (DamagedRepositoryException | DamagedSnapshotException e) {
                damaged.put(name, Findings.sentence(e));
            }
        }
        return new ReaderRecords(began, damaged);
    }
}
