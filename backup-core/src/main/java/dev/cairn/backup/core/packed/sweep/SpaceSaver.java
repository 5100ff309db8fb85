package dev.cairn.backup.core.packed.sweep;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the few small blobs of a sweep also into a full store, by giving up the reserve. For one thread. */
final class SpaceSaver {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceSaver.class);
    private static final int RESERVE_BYTES = 1 << 20;

    private final BlobStore blobs;
    private boolean full;

    SpaceSaver(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** Whether the store was full, so that only what frees space should be done. */
    boolean isFull() {
        return full;
    }

    /** Puts a blob; durable when it returns. */
    void put(BlobName name, BlobContent content) {
        making(() -> {
            Layout.put(blobs, name, content);
            return name;
        });
    }

    /** Does what needs a little room, and once more after the reserve was given up. */
    <T> T making(Supplier<T> step) {
        try {
            return step.get();
        } catch (StoreException e) {
            if (e.reason() != StoreException.Reason.FULL || !blobs.delete(Layout.RESERVE)) {
                throw e;
            }
            LOG.info("The store is full: the reserve of {} bytes is given up to make room", RESERVE_BYTES);
            full = true;
            return step.get();
        }
    }

    /** Makes the reserve anew, if there is room again. */
    void restore() {
        if (blobs.stat(Layout.RESERVE).isPresent()) {
            return;
        }
        byte[] noise = new byte[RESERVE_BYTES];
        new SecureRandom().nextBytes(noise);
        try {
            Layout.put(blobs, Layout.RESERVE, BlobContent.of(noise));
        } catch (BackupException e) {
            LOG.info("There is no room for the reserve yet: {}", e.getMessage());
        }
    }
}
