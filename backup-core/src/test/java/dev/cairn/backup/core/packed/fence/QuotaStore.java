package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A disk that is full at some size; what is deleted gives room back. */
public final class QuotaStore extends ForwardingStore {

    private final MemoryBlobStore blobs;
    private volatile long most;

    /** A disk as large as what is on it and some bytes more. */
    public QuotaStore(MemoryBlobStore blobs, long room) {
        super(blobs);
        this.blobs = blobs;
        leave(room);
    }

    /** Makes the disk so large that so many bytes are free. */
    public void leave(long room) {
        most = blobs.totalBytes() + room;
    }

    @Override
    public synchronized PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        try (InputStream in = content.open()) {
            byte[] bytes = in.readAllBytes();
            if (blobs.stat(name).isEmpty() && blobs.totalBytes() + bytes.length > most) {
                throw new StoreException(
                        StoreException.Reason.FULL, "There is no room for " + name, "Delete something", null);
            }
            return super.putIfAbsent(name, BlobContent.of(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
