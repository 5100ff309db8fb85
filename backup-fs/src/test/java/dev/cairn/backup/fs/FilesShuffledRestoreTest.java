package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Restores from a repository that hands pieces out in any order and by several threads. */
class FilesShuffledRestoreTest {

    private MemoryFolder memory;
    private Path live;
    private Path source;

    @BeforeEach
    void makeRoots() throws Exception {
        memory = MemoryFolder.create();
        live = Files.createDirectories(memory.path().resolve("live"));
        source = Files.createDirectories(memory.path().resolve("source"));
    }

    @AfterEach
    void removeRoots() throws IOException {
        memory.close();
    }

    private MemorySnapshot take() {
        return MemorySnapshot.take(
                FilesDataset.of("files", source),
                RecordingCaptureContext.in(memory.path().resolve("scratch")));
    }

    private StagedRestore stage(DatasetReader snapshot, MapStageContext context) {
        return FilesDataset.of("files", live).stage(snapshot, context);
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> names = Files.list(live)) {
            assertEquals(List.of(), names.toList());
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aTreeComesBackWithItsHolesAndRights() throws Exception {
        int[] sizes = {0, 1, 65_535, 65_536, 65_537, 196_607, 196_608, 196_609, 1_000_000, 3_333_333};
        for (int size : sizes) {
            Path folder = Files.createDirectories(source.resolve("folder-" + size % 3));
            Files.write(folder.resolve("file-" + size), bytes(size));
        }
        // More files of several pieces than may stay open at once.
        for (int i = 0; i < 100; i++) {
            Files.write(source.resolve("long-" + i), bytes(250_000 + i));
        }
        try (FileChannel sparse = FileChannel.open(
                source.resolve("sparse"), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            sparse.write(ByteBuffer.wrap(new byte[] {1}), 3 << 20);
            sparse.write(ByteBuffer.wrap(new byte[] {1}), 9 << 20);
        }
        Files.setPosixFilePermissions(source.resolve("long-1"), PosixFilePermissions.fromString("r--------"));
        Files.setPosixFilePermissions(source.resolve("long-2"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(source.resolve("folder-0"), PosixFilePermissions.fromString("r-xrwxrwx"));
        String wanted = TreeText.of(source);
        StagedRestore staged = stage(ShuffledSnapshot.of(take()), MapStageContext.create("r"));
        staged.swap();
        staged.finish();
        assertEquals(wanted, TreeText.of(live));
        Process du = new ProcessBuilder("du", "-k", live.resolve("sparse").toString()).start();
        String kilobytes = new String(du.getInputStream().readAllBytes()).split("\\s")[0];
        assertTrue(Long.parseLong(kilobytes) < 1024, kilobytes + " KiB are taken");
    }

    @Test
    void moreFilesThanOneWindowHoldsComeBack() {
        List<Entry> entries = new ArrayList<>();
        entries.add(Entry.directory(EntryPath.ROOT, EntryAttributes.NONE));
        for (int i = 10_000; i < 27_000; i++) {
            byte[] content = Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            entries.add(Entry.file(
                    EntryPath.of("f" + i), 5, EntryAttributes.NONE, () -> new ByteArrayInputStream(content)));
        }
        stage(ShuffledSnapshot.of(MemorySnapshot.of("files", "files", entries)), MapStageContext.create("r"))
                .swap();
        for (int i = 10_000; i < 27_000; i++) {
            String text = read(live.resolve("f" + i));
            assertEquals(Integer.toString(i), text);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void piecesThatDoNotMakeUpTheFileAreDamage() throws Exception {
        Files.write(source.resolve("a"), bytes(350_000));
        ShuffledSnapshot snapshot = ShuffledSnapshot.of(take());
        List<ShuffledSnapshot.Twist> wrong = List.of(
                pieces -> pieces.remove(0),
                List::clear,
                pieces -> pieces.add(pieces.get(0)),
                pieces -> pieces.add(new ShuffledSnapshot.Piece(0, 349_999, new byte[2])),
                pieces -> pieces.add(new ShuffledSnapshot.Piece(0, Long.MAX_VALUE, new byte[2])),
                pieces -> pieces.add(new ShuffledSnapshot.Piece(0, -1, new byte[2])));
        for (ShuffledSnapshot.Twist twist : wrong) {
            DamagedSnapshotException e = assertThrows(
                    DamagedSnapshotException.class, () -> stage(snapshot.twisted(twist), MapStageContext.create("r")));
            assertTrue(e.getMessage().contains("'a'"), e.getMessage());
            assertNothingLeft();
        }
    }

    @Test
    void bytesThatTheDiskDidNotKeepAreFoundBeforeAnythingIsSwapped() throws Exception {
        Files.write(source.resolve("a"), bytes(350_000));
        Files.write(source.resolve("b"), bytes(10));
        MemorySnapshot snapshot = take();
        for (String file : List.of("a", "b")) {
            for (Change change : Change.values()) {
                Path staged = live.resolve(".cairn-r~files/stage").resolve(file);
                StoreException e = assertThrows(
                        StoreException.class,
                        () -> stage(
                                ShuffledSnapshot.of(snapshot).thenDo(() -> change.make(staged)),
                                MapStageContext.create("r")));
                assertTrue(e.getMessage().contains("check the disk"), e.getMessage());
                assertNothingLeft();
            }
        }
    }

    private enum Change {
        LOST_BYTE,
        CUT_SHORT,
        GROWN;

        void make(Path file) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                switch (this) {
                    case LOST_BYTE -> {
                        ByteBuffer one = ByteBuffer.allocate(1);
                        channel.read(one, 5);
                        channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), 5);
                    }
                    case CUT_SHORT -> channel.truncate(channel.size() - 1);
                    case GROWN -> channel.write(ByteBuffer.allocate(1), channel.size());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns when the thread, which waits for the restore, has noticed. */
    private static void interrupt(Thread caller) {
        caller.interrupt();
        while (caller.isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void cancellingOrInterruptingEndsTheHandingOut() throws Exception {
        Files.write(source.resolve("a"), bytes(350_000));
        Files.write(source.resolve("b"), bytes(10));
        MemorySnapshot snapshot = take();
        MapStageContext context = MapStageContext.create("r");
        assertThrows(
                BackupCancelledException.class,
                () -> stage(
                        ShuffledSnapshot.of(snapshot)
                                .twisted(pieces -> context.cancellation().cancel()),
                        context));
        assertNothingLeft();
        Thread caller = Thread.currentThread();
        assertThrows(
                BackupCancelledException.class,
                () -> stage(
                        ShuffledSnapshot.of(snapshot).twisted(pieces -> interrupt(caller)),
                        MapStageContext.create("s")));
        assertTrue(Thread.interrupted(), "the flag is kept");
        assertNothingLeft();
    }
}
