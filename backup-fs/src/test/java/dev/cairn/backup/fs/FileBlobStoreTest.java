package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.ScratchSpace.ScratchFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest {

    private static final int BLOBS = 150;

    @TempDir
    Path temp;

    private FileBlobStore store() {
        return FileBlobStore.at(temp.resolve("store"));
    }

    /** Puts the same names as another process and prints how many it won. */
    static final class Putter {

        public static void main(String[] arguments) {
            System.out.println(putAll(Path.of(arguments[0]), "child " + arguments[1]));
        }

        static int putAll(Path root, String token) {
            int won = 0;
            try (FileBlobStore store = FileBlobStore.at(root)) {
                for (int i = 0; i < BLOBS; i++) {
                    BlobName name = BlobName.of("f" + i % 7 + "/" + i);
                    if (store.putIfAbsent(name, BlobContent.of(token)) == PutOutcome.CREATED) {
                        won++;
                        try (InputStream in = store.read(name)) {
                            if (!token.equals(new String(in.readAllBytes()))) {
                                throw new AssertionError("won, but another's bytes are there");
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                }
            }
            return won;
        }
    }

    @Test
    void ofTwoProcessesAndTwoThreadsExactlyOneCreatesEachBlob() throws Exception {
        Path root = temp.resolve("store");
        List<Process> children = new ArrayList<>();
        for (int child = 0; child < 2; child++) {
            children.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Putter.class.getName(),
                            root.toString(),
                            "" + child)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Future<Integer>> mine = List.of(
                threads.submit(() -> Putter.putAll(root, "one")), threads.submit(() -> Putter.putAll(root, "two")));
        int won = mine.get(0).get() + mine.get(1).get();
        for (Process child : children) {
            won += Integer.parseInt(new String(child.getInputStream().readAllBytes()).strip());
            assertEquals(0, child.waitFor());
        }
        threads.shutdown();
        assertEquals(BLOBS, won);
        assertEquals(BLOBS, store().list("").size());
    }

    @Test
    void putsAndDeletesThatMakeAndPruneOneFolderNeverFail() throws Exception {
        FileBlobStore store = store();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            BlobName name = BlobName.of("a/b/c/blob-" + thread);
            all.add(threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    assertEquals(PutOutcome.CREATED, store.putIfAbsent(name, BlobContent.of("x")));
                    assertTrue(store.delete(name));
                }
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();
        assertEquals(Set.of(), store.children(""), "emptied folders are pruned");
    }

    @Test
    void anInterruptBreaksNothingAndIsKept() throws Exception {
        FileBlobStore store = store();
        BlobName name = BlobName.of("a/b");
        byte[] bytes = new byte[300_000];
        Thread.currentThread().interrupt();
        try {
            assertEquals(PutOutcome.CREATED, store.putIfAbsent(name, BlobContent.of(bytes)));
            assertArrayEquals(bytes, store.readRange(name, 0, bytes.length));
            assertArrayEquals(bytes, store.read(name).readAllBytes());
            assertTrue(store.delete(name));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void aBodyThatFailsWithAFullDiskLeavesNothing() {
        FileBlobStore store = store();
        StoreException e = assertThrows(
                StoreException.class,
                () -> store.putIfAbsent(BlobName.of("full"), () -> new InputStream() {
                    private final InputStream first = new ByteArrayInputStream(new byte[200_000]);

                    @Override
                    public int read() throws IOException {
                        int next = first.read();
                        if (next < 0) {
                            throw new IOException("No space left on device");
                        }
                        return next;
                    }
                }));
        assertEquals(StoreException.Reason.FULL, e.reason());
        assertEquals(List.of(), store.list(""));
        assertEquals(0, temp.resolve("store").toFile().list().length);
    }

    @Test
    void aStoreThatCannotBeReachedIsTriedAgain() throws Exception {
        Path blocked = Files.writeString(temp.resolve("volume"), "not a folder");
        FileBlobStore store = FileBlobStore.at(blocked.resolve("store"));
        StoreException e = assertThrows(StoreException.class, () -> store.list(""));
        assertEquals(StoreException.Reason.UNREACHABLE, e.reason());
        Files.delete(blocked);
        assertEquals(List.of(), store.list(""));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent(BlobName.of("a"), BlobContent.of("x")));
    }

    @Test
    void blobsAreOwnerOnlyAndLinksAndForeignNamesAreNotBlobs() throws Exception {
        FileBlobStore store = store();
        store.putIfAbsent(BlobName.of("f/a"), BlobContent.of("x"));
        Path root = temp.resolve("store");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("f/a"))));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("f"))));
        Files.createSymbolicLink(root.resolve("link"), root.resolve("f"));
        Files.createSymbolicLink(root.resolve("g"), root.resolve("f/a"));
        Files.writeString(root.resolve("f/~temporary"), "x");
        assertEquals(1, store.list("").size());
        assertEquals(Set.of("f"), store.children(""));
        assertEquals(Set.of("a"), store.children("f"));
        assertTrue(store.stat(BlobName.of("g")).isEmpty());
        assertFalse(store.delete(BlobName.of("g")));
    }

    @Test
    void onlyOldTemporaryFilesAreCleaned() throws Exception {
        FileBlobStore store = store();
        store.putIfAbsent(BlobName.of("f/a"), BlobContent.of("x"));
        Path young = Files.writeString(temp.resolve("store/f/~0123456789abcdef0123456789abcdef.1"), "x");
        Path old = Files.writeString(temp.resolve("store/f/~0123456789abcdef0123456789abcdef.2"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        store.list("");
        assertTrue(Files.exists(young));
        assertFalse(Files.exists(old));
    }

    @Test
    void locationResolvesLinksAndSeesWhatLiesInside() throws Exception {
        Path real = Files.createDirectories(temp.resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);
        var outer = FilesDataset.of("files", real).location().orElseThrow();
        var inner = FileBlobStore.at(link.resolve("not/yet")).location().orElseThrow();
        assertTrue(outer.contains(inner), outer + " " + inner);
        assertTrue(outer.sharesVolumeWith(inner));
        assertFalse(inner.contains(outer));
    }

    @Test
    void scratchHoldsItsQuotaAndCleansOnlyWhatNobodyHolds() throws Exception {
        Path root = temp.resolve("scratch");
        FileScratch scratch = FileScratch.at(root).quota(100);
        ScratchFile file = scratch.reserve("copy.db", 60);
        Files.writeString(file.path(), "x");
        assertThrows(LimitExceededException.class, () -> scratch.reserve("more", 41));
        String token = "01234567-89ab-cdef-0123-456789abcdef";
        Path abandoned = Files.createDirectories(root.resolve(token).resolve("1"));
        Path foreign = Files.createDirectories(root.resolve("holiday photos"));
        Path lock = Files.writeString(root.resolve("editor.lock"), "not ours");
        Files.writeString(abandoned.resolve("rest"), "x");
        FileScratch.at(root).clean();
        assertTrue(Files.exists(file.path()), "held by a living process");
        assertFalse(Files.exists(root.resolve(token)));
        Files.delete(foreign);
        Files.delete(lock);
        file.close();
        file.close();
        assertFalse(Files.exists(file.path()));
        scratch.reserve("more", 100).close();
        scratch.close();
        assertEquals(0, root.toFile().list().length);
    }

    /** Reserves scratch, writes into it, says where and waits to be killed. */
    static final class Reserver {

        public static void main(String[] arguments) throws Exception {
            ScratchFile file = FileScratch.at(Path.of(arguments[0])).reserve("copy.db", 10);
            Files.writeString(file.path(), "half a copy");
            System.out.println(file.path());
            System.in.read();
        }
    }

    @Test
    void scratchOfAProcessThatWasKilledIsCleanedByTheNext() throws Exception {
        Path root = temp.resolve("scratch");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reserver.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path left = Path.of(child.inputReader().readLine());
        FileScratch mine = FileScratch.at(root);
        mine.clean();
        assertTrue(Files.exists(left), "it lives");
        child.destroyForcibly().waitFor();
        assertTrue(Files.exists(left));
        mine.clean();
        assertEquals(0, root.toFile().list().length);
    }

    @Test
    void aFolderOfTheStoreThatIsALinkIsRefusedBecauseNoListWouldShowWhatIsInIt() throws Exception {
        FileBlobStore store = store();
        store.putIfAbsent(BlobName.of("packs/a"), BlobContent.of("x"));
        Path packs = temp.resolve("store/packs");
        Files.createSymbolicLink(packs, Files.move(packs, temp.resolve("bigger disk")));
        for (org.junit.jupiter.api.function.Executable refused : List.<org.junit.jupiter.api.function.Executable>of(
                () -> store.list("packs"),
                () -> store.children("packs"),
                () -> store.putIfAbsent(BlobName.of("packs/deep/b"), BlobContent.of("x")))) {
            StoreException e = assertThrows(StoreException.class, refused);
            assertTrue(e.getMessage().contains("symbolic link"), e.getMessage());
        }
    }

    @Test
    void aStoreWhoseFolderDisappearsIsNotTakenForAnEmptyOne() throws Exception {
        FileBlobStore store = store();
        store.putIfAbsent(BlobName.of("a"), BlobContent.of("x"));
        Path gone = Files.move(temp.resolve("store"), temp.resolve("unmounted"));
        StoreException e = assertThrows(StoreException.class, () -> store.list(""));
        assertEquals(StoreException.Reason.UNREACHABLE, e.reason());
        assertThrows(StoreException.class, () -> store.putIfAbsent(BlobName.of("b"), BlobContent.of("x")));
        assertFalse(Files.exists(temp.resolve("store")));
        Files.move(gone, temp.resolve("store"));
        assertEquals(1, store.list("").size());
    }
}
