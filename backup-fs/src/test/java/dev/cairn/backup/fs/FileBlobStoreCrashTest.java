package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileBlobStoreCrashTest {

    private static final List<String> NAMES = List.of("packs/ab/one", "packs/ab/two", "top");

    private MemoryFolder memory;
    private Path temp;

    @BeforeEach
    void makeRoom() throws IOException {
        memory = MemoryFolder.create();
        temp = memory.path();
    }

    @AfterEach
    void removeStates() throws IOException {
        memory.close();
    }

    private static byte[] body(String name) {
        byte[] bytes = new byte[9000];
        new SplittableRandom(name.hashCode()).nextBytes(bytes);
        return bytes;
    }

    private static PutOutcome put(FileBlobStore store, String name) {
        return store.putIfAbsent(BlobName.of(name), BlobContent.of(body(name)));
    }

    @Test
    void anAcknowledgedBlobSurvivesEveryPowerCutAndNoneIsEverTorn() throws Exception {
        int states = recorded().forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(6), this::check);
        assertTrue(states > 100, states + " states");
    }

    /** The recipe of a put with one mistake each: the test above must notice every one. */
    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticed(RecipeMistake mistake) throws Exception {
        CrashFileSystem disk = recorded().asIf(mistake);
        assertThrows(
                AssertionError.class,
                () -> disk.forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(6), this::check));
    }

    private CrashFileSystem recorded() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        try (FileBlobStore store = FileBlobStore.at(disk.root().resolve("deep").resolve("store"))) {
            for (String name : NAMES) {
                assertEquals(PutOutcome.CREATED, put(store, name));
                disk.mark("put " + name);
            }
            disk.mark("deleting");
            assertTrue(store.delete(BlobName.of("packs/ab/one")));
            disk.mark("deleted");
            assertTrue(store.delete(BlobName.of("packs/ab/two")));
            assertEquals(PutOutcome.CREATED, put(store, "packs/ab/one"));
            disk.mark("put again");
        }
        return disk;
    }

    private void check(CrashState state) throws Exception {
        // Recovered through a file system that forces nothing, which takes time.
        Path root = CrashFileSystem.over(state.directory()).root();
        try (FileBlobStore store = FileBlobStore.at(root.resolve("deep").resolve("store"))) {
            for (String name : NAMES) {
                boolean there = store.stat(BlobName.of(name)).isPresent();
                boolean kept = !state.marked("deleting") || name.equals("top");
                assertTrue(there || !state.marked("put " + name) || !kept, name + " is gone");
                if (there) {
                    assertArrayEquals(body(name), store.read(BlobName.of(name)).readAllBytes(), name);
                }
            }
            assertTrue(!state.marked("put again")
                    || store.stat(BlobName.of("packs/ab/one")).isPresent());
        }
    }

    @Test
    void aPutThatFailsAtAnyOperationLeavesTheBlobAbsentOrWhole() throws Exception {
        for (int operation = 1; ; operation++) {
            CrashFileSystem disk = CrashFileSystem.over(temp.resolve("fail-" + operation));
            FileBlobStore store = FileBlobStore.at(disk.root().resolve("store"));
            put(store, "before");
            long before = disk.operations();
            disk.failAt(operation);
            PutOutcome outcome = null;
            try {
                outcome = put(store, "folder/blob");
            } catch (StoreException e) {
                disk.heal();
                assertTrue(store.stat(BlobName.of("folder/blob")).isEmpty(), "nothing was stored after " + e);
            }
            boolean beyond = disk.operations() - before < operation;
            disk.heal();
            if (store.stat(BlobName.of("folder/blob")).isPresent()) {
                assertArrayEquals(
                        body("folder/blob"),
                        store.read(BlobName.of("folder/blob")).readAllBytes());
            } else {
                assertTrue(outcome != PutOutcome.CREATED);
                assertEquals(PutOutcome.CREATED, put(store, "folder/blob"));
            }
            if (beyond) {
                assertTrue(operation > 5, "all " + operation + " operations");
                return;
            }
        }
    }

    @Test
    void aFullDiskIsToldAndLeavesNothing() throws Exception {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("full"));
        FileBlobStore store = FileBlobStore.at(disk.root().resolve("store"));
        put(store, "first");
        disk.fullAtWrite(1);
        StoreException e = assertThrows(StoreException.class, () -> put(store, "second"));
        assertEquals(StoreException.Reason.FULL, e.reason());
        assertTrue(store.delete(BlobName.of("first")), "deleting needs no space");
        disk.heal();
        assertEquals(List.of(), store.list(""));
        assertEquals(PutOutcome.CREATED, put(store, "second"));
    }

    @Test
    void aFailedForceOfTheFolderIsAnUnknownOutcome() throws Exception {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("force"));
        FileBlobStore store = FileBlobStore.at(disk.root().resolve("store"));
        put(store, "first");
        // The first force is the file's, the second the folder's.
        disk.failForceAt(2);
        assertEquals(PutOutcome.UNKNOWN, put(store, "second"));
        disk.heal();
        disk.failForceAt(1);
        assertThrows(BackupException.class, () -> put(store, "third"));
        disk.heal();
        assertTrue(store.stat(BlobName.of("third")).isEmpty());
    }
}
