package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;

/** What the store suites share: the store under test, what is looked at after each test, and the small steps the tests are made of. */
abstract class BlobStoreSubject {

    private final List<BlobStore> opened = new ArrayList<>();

    /**
     * Makes an empty store; called once or more in each test. The suite closes it.
     *
     * @return the store
     * @throws Exception if it cannot be made; the test fails
     */
    protected abstract BlobStore newStore() throws Exception;

    /**
     * Opens a second store object on the place of {@code store}, which stays open, as another process would.
     *
     * @param store what {@link #newStore} gave
     * @return empty, the default, if that cannot be done; the tests that need it are then skipped
     * @throws Exception if it should be possible and fails
     */
    protected Optional<BlobStore> reopen(BlobStore store) throws Exception {
        return Optional.empty();
    }

    /** What this store can do beyond what every store must; all by default. */
    protected BlobStoreContract.Capabilities capabilities() {
        return BlobStoreContract.Capabilities.all();
    }

    @AfterEach
    void everyListedBlobIsWhole() throws IOException {
        try {
            for (BlobStore store : opened) {
                // A test may have closed the store: what is looked at here is a fresh object where there can be one.
                for (BlobInfo blob : store.list("")) {
                    assertEquals(
                            blob.size(),
                            bytes(store, blob.name()).length,
                            () -> "list: the size listed is the size read, after the test, of " + blob.name());
                }
            }
        } finally {
            opened.forEach(BlobStore::close);
        }
    }

    /** A new store that the suite closes. */
    final BlobStore store() throws Exception {
        BlobStore store = newStore();
        opened.add(store);
        return store;
    }

    /** A store that closes itself in the test and is not looked at afterwards. */
    final BlobStore unwatchedStore() throws Exception {
        return newStore();
    }

    /** A second object on a store's place, if the subject can do that. */
    final Optional<BlobStore> second(BlobStore store) throws Exception {
        Optional<BlobStore> second = reopen(store);
        second.ifPresent(opened::add);
        return second;
    }

    static BlobName name(String value) {
        return BlobName.of(value);
    }

    static void put(BlobStore store, String name, byte[] bytes) {
        assertEquals(
                PutOutcome.CREATED,
                store.putIfAbsent(name(name), BlobContent.of(bytes)),
                () -> "putIfAbsent: \"stores a blob under a name that is free\", which '" + name + "' is");
    }

    static byte[] bytes(BlobStore store, BlobName name) throws IOException {
        try (InputStream in = store.read(name)) {
            return in.readAllBytes();
        }
    }

    static void assertHolds(BlobStore store, String name, byte[] expected, String sentence) throws IOException {
        assertArrayEquals(expected, bytes(store, name(name)), () -> sentence + ": blob '" + name + "' read whole");
        assertEquals(
                Optional.of(new BlobInfo(name(name), expected.length)),
                store.stat(name(name)),
                () -> sentence + ": stat of '" + name + "'");
    }

    static void assertAbsent(BlobStore store, String name, String sentence) {
        assertEquals(Optional.empty(), store.stat(name(name)), () -> sentence + ": stat of '" + name + "'");
        assertEquals(
                List.of(),
                store.list("").stream()
                        .filter(blob -> blob.name().value().equals(name))
                        .toList(),
                () -> sentence + ": list shows '" + name + "'");
    }

    /** Bytes that look like nothing in particular, the same for one seed. */
    static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
