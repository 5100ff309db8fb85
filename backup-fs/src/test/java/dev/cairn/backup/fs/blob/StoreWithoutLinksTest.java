package dev.cairn.backup.fs.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that the probe finds to have no hard links, such as FAT; that it really has them changes nothing, for a put then makes none. */
class StoreWithoutLinksTest {

    private static final BlobName NAME = BlobName.of("folder/blob");
    private static final byte[] BODY = body();

    private static byte[] body() {
        byte[] bytes = new byte[6000];
        new java.util.SplittableRandom(1).nextBytes(bytes);
        return bytes;
    }

    @TempDir
    Path temp;

    private static StoreFolder folder(Path root, boolean declared) {
        return new StoreFolder(root, declared, place -> new FolderAbilities(false, true, true));
    }

    @Test
    void itIsRefusedUnlessASingleWriterIsDeclared() throws Exception {
        Path root = temp.resolve("store");
        BlobPut put = new BlobPut(folder(root, false));
        StoreException e = assertThrows(StoreException.class, () -> put.put(NAME, BlobContent.of(BODY)));
        assertEquals(StoreException.Reason.UNSUPPORTED, e.reason());
        assertTrue(e.getMessage().contains("hard links"), e.getMessage());
        try (Stream<Path> made = Files.list(root)) {
            assertEquals(0, made.count());
        }
        StoreFolder declared = folder(root, true);
        assertFalse(declared.lacksLinks(), "not known before the first put");
        assertEquals(PutOutcome.CREATED, new BlobPut(declared).put(NAME, BlobContent.of(BODY)));
        assertTrue(declared.lacksLinks());
    }

    @Test
    void aBlobIsNeverReplacedAndNoTemporaryNameStays() throws Exception {
        BlobPut put = new BlobPut(folder(temp, true));
        assertEquals(PutOutcome.CREATED, put.put(NAME, BlobContent.of(BODY)));
        assertEquals(PutOutcome.EXISTS, put.put(NAME, BlobContent.of("another")));
        assertArrayEquals(BODY, Files.readAllBytes(temp.resolve("folder/blob")));
        try (Stream<Path> names = Files.list(temp.resolve("folder"))) {
            assertEquals(
                    List.of("blob"),
                    names.map(path -> path.getFileName().toString()).toList());
        }
    }

    @Test
    void ofManyThreadsExactlyOneCreatesABlob() throws Exception {
        StoreFolder folder = folder(temp, true);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CyclicBarrier together = new CyclicBarrier(4);
        for (int round = 0; round < 25; round++) {
            BlobName name = BlobName.of("f/" + round);
            List<Future<PutOutcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String body = "writer " + i;
                outcomes.add(threads.submit(() -> {
                    together.await();
                    return new BlobPut(folder).put(name, BlobContent.of(body));
                }));
            }
            String winner = "";
            for (int i = 0; i < 4; i++) {
                if (outcomes.get(i).get() == PutOutcome.CREATED) {
                    winner += "writer " + i;
                }
            }
            assertEquals(winner, Files.readString(temp.resolve("f/" + round)));
        }
        threads.shutdown();
    }

    @Test
    void anAcknowledgedBlobSurvivesEveryPowerCut() throws Exception {
        try (MemoryFolder memory = MemoryFolder.create()) {
            int states = recorded(memory)
                    .forEachState(
                            memory.path().resolve("states"),
                            CrashSampling.exhaustiveUpTo(8),
                            StoreWithoutLinksTest::check);
            assertTrue(states > 20, states + " states");
        }
    }

    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticed(RecipeMistake mistake) throws Exception {
        try (MemoryFolder memory = MemoryFolder.create()) {
            CrashFileSystem disk = recorded(memory).asIf(mistake);
            assertThrows(
                    AssertionError.class,
                    () -> disk.forEachState(
                            memory.path().resolve("states"),
                            CrashSampling.exhaustiveUpTo(8),
                            StoreWithoutLinksTest::check));
        }
    }

    private static CrashFileSystem recorded(MemoryFolder memory) throws Exception {
        CrashFileSystem disk = CrashFileSystem.over(memory.path().resolve("real"));
        new BlobPut(folder(disk.root().resolve("store"), true)).put(NAME, BlobContent.of(BODY));
        disk.mark("put");
        return disk;
    }

    private static void check(dev.cairn.backup.testkit.crash.CrashState state) throws Exception {
        Path blob = state.directory().resolve("store/folder/blob");
        assertTrue(Files.exists(blob) || !state.marked("put"));
        if (Files.exists(blob)) {
            assertArrayEquals(BODY, Files.readAllBytes(blob));
        }
    }
}
