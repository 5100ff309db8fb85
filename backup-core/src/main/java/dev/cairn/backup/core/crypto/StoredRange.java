package dev.cairn.backup.core.crypto;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.util.Optional;

/** A blob of a size that was listed, read by ranges. */
record StoredRange(BlobStore store, BlobName blob, long size) {

    /**
     * Exactly so many bytes.
     *
     * @throws DamagedRepositoryException if the blob has another size than was listed
     */
    byte[] read(long offset, int length) {
        byte[] bytes;
        try {
            bytes = store.readRange(blob, offset, length);
        } catch (StoreException e) {
            // A store says "too short" and "cannot read" with one type; the size tells them apart.
            Optional<BlobInfo> now = store.stat(blob);
            if (now.isPresent() && now.get().size() != size) {
                throw new DamagedRepositoryException(
                        blob.value(), "has " + now.get().size() + " bytes instead of " + size, e);
            }
            throw e;
        }
        if (bytes.length != length) {
            throw new DamagedRepositoryException(
                    blob.value(), "gave " + bytes.length + " bytes instead of " + length, null);
        }
        return bytes;
    }
}
