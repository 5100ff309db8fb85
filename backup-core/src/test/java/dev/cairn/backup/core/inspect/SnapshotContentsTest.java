package dev.cairn.backup.core.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotContentsTest {

    private static final byte[] BIG = new byte[3_000_000];

    static {
        new Random(7).nextBytes(BIG);
    }

    private static Map<String, List<Entry>> sample() {
        return Map.of(
                "tree",
                List.of(
                        Shelf.folder(""),
                        Shelf.file("a", "first"),
                        Shelf.folder("d"),
                        Shelf.file("d/big", BIG, 0, EntryAttributes.of(Shelf.TIME, 0600)),
                        Shelf.folder("d/deep"),
                        Shelf.file("d/deep/leaf", "leaf"),
                        Entry.hardLink(EntryPath.of("e"), EntryAttributes.of(Shelf.TIME, 0600), EntryPath.of("d/big")),
                        Entry.symlink(EntryPath.of("link"), EntryAttributes.NONE, "d/big"),
                        // A byte less than '/' comes before it in other orders: the folder's content still follows it.
                        Shelf.file("d!", "neighbour")),
                "rows",
                List.of(Shelf.file("t/part-1", "1"), Shelf.file("t/part-2", "2")));
    }

    private static List<String> drained(EntryCursor cursor) {
        List<String> paths = new ArrayList<>();
        try (cursor) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                paths.add(entry.path().value());
            }
        }
        return paths;
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void aTreeIsThePathAndAllBelowIt(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        try (SnapshotReader reader = repository.read(Shelf.take(repository, sample()))) {
            SnapshotContents contents = SnapshotContents.of(reader);
            assertEquals(
                    List.of("d", "d/big", "d/deep", "d/deep/leaf"), drained(contents.tree("tree", EntryPath.of("d"))));
            assertEquals(9, drained(contents.tree("tree", EntryPath.ROOT)).size());
            assertEquals(List.of(), drained(contents.tree("tree", EntryPath.of("nowhere"))));
        }
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void aFolderIsWhatItHoldsAndNotWhatItsFoldersHold(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        try (SnapshotReader reader = repository.read(Shelf.take(repository, sample()))) {
            SnapshotContents contents = SnapshotContents.of(reader);
            assertEquals(List.of("a", "d", "d!", "e", "link"), drained(contents.folder("tree", EntryPath.ROOT)));
            assertEquals(List.of("d/big", "d/deep"), drained(contents.folder("tree", EntryPath.of("d"))));
            assertEquals(List.of("d/big"), drained(contents.folder("tree", EntryPath.of("d/big"))));
        }
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void aFolderThatHasNoEntryOfItsOwnIsListedAllTheSame(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        try (SnapshotReader reader = repository.read(Shelf.take(repository, sample()))) {
            SnapshotContents contents = SnapshotContents.of(reader);
            assertEquals(List.of("t"), drained(contents.folder("rows", EntryPath.ROOT)));
            assertEquals(List.of("t/part-1", "t/part-2"), drained(contents.folder("rows", EntryPath.of("t"))));
        }
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void anEntryTellsTypeSizeTimeAndMode(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        try (SnapshotReader reader = repository.read(Shelf.take(repository, sample()))) {
            Entry big = SnapshotContents.of(reader)
                    .find("tree", EntryPath.of("d/big"))
                    .orElseThrow();
            assertEquals(BIG.length, big.size());
            assertEquals(Shelf.TIME, big.attributes().modified().orElseThrow());
            assertEquals(0600, big.attributes().mode().orElseThrow());
            assertTrue(SnapshotContents.of(reader)
                    .find("tree", EntryPath.of("d/bi"))
                    .isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void aContentIsReadByItsPathAndByThatOfAHardLink(Shelf shelf) throws IOException {
        SnapshotRepository repository = shelf.repository();
        try (SnapshotReader reader = repository.read(Shelf.take(repository, sample()))) {
            for (String path : List.of("d/big", "e")) {
                try (InputStream in = SnapshotContents.of(reader)
                        .content("tree", EntryPath.of(path))
                        .open()) {
                    assertArrayEquals(BIG, in.readAllBytes(), path);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void whatIsNoFileIsRefusedByName(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        try (SnapshotReader reader = repository.read(Shelf.take(repository, sample()))) {
            SnapshotContents contents = SnapshotContents.of(reader);
            assertRefused("tree/d", "this is a folder", () -> contents.content("tree", EntryPath.of("d")));
            assertRefused("tree/link", "link to 'd/big'", () -> contents.content("tree", EntryPath.of("link")));
            assertRefused("tree/no", "snap-1", () -> contents.content("tree", EntryPath.of("no")));
            assertRefused("tree/no", "snap-1", () -> contents.folder("tree", EntryPath.of("no")));
            assertRefused("elsewhere", "tree", () -> contents.tree("elsewhere", EntryPath.ROOT));
        }
    }

    private static void assertRefused(String named, String allowed, Runnable call) {
        String message = assertThrows(InvalidValueException.class, call::run).toString();
        assertTrue(message.contains(named) && message.contains(allowed), message);
    }

    @Test
    void aDamagedContentIsNeverHandedOutToItsEnd() throws IOException {
        MemoryBlobStore blobs = new MemoryBlobStore();
        BrowsableRepository repository = BrowsableRepository.at(blobs);
        repository.open();
        Shelf.take(repository, sample());
        byte[] rotten = BIG.clone();
        rotten[BIG.length - 1] ^= 1;
        blobs.damage(BlobName.of("snap-1/snapshot/tree/d/big"), rotten);
        try (SnapshotReader reader = repository.read(dev.cairn.backup.SnapshotId.of("snap-1"));
                InputStream in = SnapshotContents.of(reader)
                        .content("tree", EntryPath.of("d/big"))
                        .open()) {
            assertThrows(dev.cairn.backup.DamagedSnapshotException.class, in::readAllBytes);
        }
    }
}
