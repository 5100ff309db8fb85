package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What reading, asking and deleting promise. */
abstract class BlobReadTests extends BlobPutTests {

    @Test
    void aRangeIsExactlyTheBytesAskedFor() throws Exception {
        BlobStore store = store();
        byte[] bytes = noise(20, 70_000);
        put(store, "r/blob", bytes);
        for (int[] range :
                new int[][] {{0, 70_000}, {0, 1}, {69_999, 1}, {4_095, 2}, {65_535, 4_465}, {0, 0}, {70_000, 0}}) {
            assertArrayEquals(
                    Arrays.copyOfRange(bytes, range[0], range[0] + range[1]),
                    store.readRange(name("r/blob"), range[0], range[1]),
                    () -> "readRange: \"exactly length bytes\" from " + range[0] + ", " + range[1]);
        }
    }

    @Test
    void aRangeBeyondTheEndIsAnError() throws Exception {
        BlobStore store = store();
        put(store, "short", noise(21, 100));
        for (long[] range : new long[][] {{0, 101}, {100, 1}, {99, 2}, {101, 1}, {Long.MAX_VALUE, 1}, {1L << 40, 10}}) {
            assertThrows(
                    StoreException.class,
                    () -> store.readRange(name("short"), range[0], (int) range[1]),
                    () -> "readRange: StoreException \"if the blob ends before offset + length\", from " + range[0]
                            + ", " + range[1]);
        }
    }

    @Test
    void aNegativeRangeIsRefused() throws Exception {
        BlobStore store = store();
        put(store, "short", noise(22, 100));
        assertThrows(
                RuntimeException.class,
                () -> store.readRange(name("short"), -1, 1),
                "readRange: offset is \"at least 0\"");
        assertThrows(
                RuntimeException.class,
                () -> store.readRange(name("short"), 0, -1),
                "readRange: length is \"at least 0\"");
    }

    @Test
    void whatIsNotThereIsReportedByName() throws Exception {
        BlobStore store = store();
        put(store, "folder/blob", noise(23, 10));
        for (String missing : List.of("none", "folder", "folder/none", "folder/none/deeper", "other/blob")) {
            BlobNotFoundException read = assertThrows(
                    BlobNotFoundException.class,
                    () -> store.read(name(missing)).close(),
                    () -> "read: BlobNotFoundException \"if there is none\": " + missing);
            assertEquals(missing, read.blob(), "the exception names the blob");
            assertThrows(
                    BlobNotFoundException.class,
                    () -> store.readRange(name(missing), 0, 1),
                    () -> "readRange: BlobNotFoundException \"if there is none\": " + missing);
            assertEquals(
                    Optional.empty(),
                    store.stat(name(missing)),
                    () -> "stat: \"empty if there is none of that name\": " + missing);
            assertFalse(store.delete(name(missing)), () -> "delete: answers \"whether there was one\": " + missing);
        }
        assertHolds(store, "folder/blob", noise(23, 10), "asking for what is not there changes nothing");
    }

    @Test
    void aBlobIsReadByManyAtATime() throws Exception {
        BlobStore store = store();
        byte[] bytes = noise(24, 500_000);
        put(store, "shared", bytes);
        InParallel.run(6, thread -> () -> {
            for (int round = 0; round < 5; round++) {
                assertArrayEquals(bytes, bytes(store, name("shared")), "\"safe for use by many threads\"");
                int from = thread * 1_000;
                assertArrayEquals(
                        Arrays.copyOfRange(bytes, from, from + 500), store.readRange(name("shared"), from, 500));
            }
            return true;
        });
    }

    @Test
    void aStreamThatIsLeftEarlyHoldsNothingUp() throws Exception {
        BlobStore store = store();
        put(store, "left", noise(25, 100_000));
        try (InputStream in = store.read(name("left"))) {
            assertEquals(100, in.readNBytes(100).length);
        }
        assertTrue(store.delete(name("left")), "delete: answers \"whether there was one\"");
        put(store, "left", noise(26, 10));
    }

    @Test
    void aDeletedBlobIsGoneAndItsNameFree() throws Exception {
        BlobStore store = store();
        put(store, "d/one", noise(27, 1_000));
        put(store, "d/two", noise(28, 1_000));
        assertTrue(store.delete(name("d/one")), "delete: answers \"whether there was one\"");
        assertAbsent(store, "d/one", "delete: \"removes a blob\"");
        assertFalse(store.delete(name("d/one")), "delete: answers \"whether there was one\", the second time");
        assertHolds(store, "d/two", noise(28, 1_000), "delete: removes only the blob named");
        put(store, "d/one", noise(29, 500));
        assertHolds(store, "d/one", noise(29, 500), "a name that was deleted is free, and holds the new content");
    }

    @Test
    void manyBlobsAreDeletedAtOnce() throws Exception {
        BlobStore store = store();
        for (String name : List.of("m/one", "m/deep/two", "three", "m/kept")) {
            put(store, name, noise(32, 100));
        }
        store.deleteAll(List.of(name("m/one"), name("m/none"), name("none/at/all"), name("three"), name("m/deep/two")));
        assertEquals(
                List.of("m/kept"),
                store.list("").stream().map(blob -> blob.name().value()).toList(),
                "deleteAll: \"removes many blobs; those that are not there are passed over\"");
        store.deleteAll(List.of());
        assertHolds(store, "m/kept", noise(32, 100), "deleteAll: removes only the blobs named");
    }

    @Test
    void theLastBlobOfAFolderCanBeDeletedAndPutAgain() throws Exception {
        BlobStore store = store();
        for (int round = 0; round < 3; round++) {
            put(store, "only/deep/er/blob", noise(round, 10));
            assertTrue(store.delete(name("only/deep/er/blob")));
            assertEquals(List.of(), store.list("only"), "list: a deleted blob is not listed");
        }
    }

    @Test
    void aBlobThatIsDeletedWhileItIsReadNeverEndsEarly() throws Exception {
        BlobStore store = store();
        byte[] bytes = noise(30, 4 << 20);
        put(store, "going", bytes);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        boolean failed = false;
        try (InputStream in = store.read(name("going"))) {
            got.write(in.readNBytes(10));
            store.delete(name("going"));
            in.transferTo(got);
        } catch (IOException | BackupException allowed) {
            failed = true;
        }
        if (!failed) {
            assertArrayEquals(
                    bytes,
                    got.toByteArray(),
                    "read: \"a blob that is deleted meanwhile is read to its end or fails; it never ends early\"");
        }
    }

    @Test
    void threadsThatPutAndDeleteOneNameLeaveItWholeOrGone() throws Exception {
        BlobStore store = store();
        InParallel.run(6, thread -> () -> {
            for (int round = 0; round < 20; round++) {
                if (thread % 2 == 0) {
                    store.putIfAbsent(name("fought/over"), BlobContent.of(noise(31, 5_000)));
                } else {
                    store.delete(name("fought/over"));
                }
                try {
                    assertArrayEquals(
                            noise(31, 5_000),
                            bytes(store, name("fought/over")),
                            "putIfAbsent: \"a name is never seen with a part of its content\"");
                } catch (BlobNotFoundException gone) {
                    // The other half of the contract: absent.
                }
            }
            return true;
        });
    }
}
