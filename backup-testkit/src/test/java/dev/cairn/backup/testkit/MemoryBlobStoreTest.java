package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.BlobStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryBlobStoreTest extends BlobStoreContract {

    @Override
    protected BlobStore newStore() {
        return new MemoryBlobStore();
    }

    @Override
    protected Optional<BlobStore> reopen(BlobStore store) {
        return Optional.of(store);
    }

    @Test
    void aCopyIsEqualUntilOneIsChanged() {
        MemoryBlobStore store = new MemoryBlobStore();
        put(store, "a", noise(1, 10));
        MemoryBlobStore copy = store.copy();
        assertTrue(copy.sameBlobs(store));
        copy.damage(name("a"), noise(2, 10));
        assertFalse(copy.sameBlobs(store));
        assertTrue(store.copy().sameBlobs(store));
        put(store, "b", noise(3, 10));
        assertFalse(store.sameBlobs(copy));
    }
}
