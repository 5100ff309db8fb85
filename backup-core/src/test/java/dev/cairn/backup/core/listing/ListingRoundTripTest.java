package dev.cairn.backup.core.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ListingRoundTripTest {

    @Property(tries = 300)
    void whatWasWrittenIsReadAndEveryPathIsFound(@ForAll("trees") List<ListedEntry> tree) {
        MemoryChunks chunks = new MemoryChunks();
        ChunkId root = chunks.write(tree);
        if (tree.isEmpty()) {
            assertNull(root);
            return;
        }
        ListingReader reader = chunks.reader(root);

        assertEquals(tree, MemoryChunks.drain(reader.all()));
        for (ListedEntry entry : tree) {
            assertBelow(tree, reader, entry.path());
            assertBelow(tree, reader, entry.path().parent());
            assertBelow(tree, reader, entry.path().resolve("missing"));
        }
    }

    @Test
    void aListingOfManyLevelsIsReadWholeAndInParts() {
        List<ListedEntry> tree = Listed.deepTree(500);
        MemoryChunks chunks = new MemoryChunks();
        ChunkId root = chunks.write(tree);
        ListingReader reader = chunks.reader(root);

        assertTrue(chunks.stored.get(root)[0] >= 2, "levels " + chunks.stored.get(root)[0]);
        assertEquals(tree, MemoryChunks.drain(reader.all()));
        for (int i = 0; i < tree.size(); i += 7) {
            assertEquals(
                    List.of(tree.get(i)),
                    MemoryChunks.drain(reader.below(tree.get(i).path())));
        }
        assertEquals(tree, MemoryChunks.drain(reader.below(EntryPath.of("n".repeat(3000)))));
        assertEquals(List.of(), MemoryChunks.drain(reader.below(EntryPath.of("m"))));
        assertEquals(List.of(), MemoryChunks.drain(reader.below(EntryPath.of("o"))));
    }

    @Test
    void aLeafIsByteForByteWhatTheFormatSays() {
        ListedEntry root = new ListedEntry(
                EntryPath.ROOT, EntryType.DIRECTORY, 0, EntryAttributes.of(null, 0755), null, List.of(), null);
        ListedEntry file = new ListedEntry(
                EntryPath.of("a/\u00e4"),
                EntryType.FILE,
                300,
                EntryAttributes.of(Instant.ofEpochSecond(-1, 200), 0644),
                null,
                List.of(new Extent(new ChunkId(1, 2, 3, 4), 5, 300)),
                null);
        // The two letters share their first byte, which does not count as shared.
        ListedEntry link = new ListedEntry(
                EntryPath.of("a/\u00e5"), EntryType.SYMLINK, 0, EntryAttributes.NONE, "x", List.of(), null);
        MemoryChunks chunks = new MemoryChunks();
        ChunkId id = chunks.write(List.of(root, file, link));

        String expected = "00" + "00 00 00 02 ed03".replace(" ", "")
                + "00 04 612fc3a4 01 03 01 c801 a403 ac02".replace(" ", "")
                + "0000000000000001000000000000000200000000000000030000000000000004" + "05ac02"
                + "02 02 c3a5 02 00 01 78".replace(" ", "");
        assertEquals(expected, HexFormat.of().formatHex(chunks.stored.get(id)));
    }

    @Test
    void equalEntriesMakeEqualChunks() {
        MemoryChunks first = new MemoryChunks();
        MemoryChunks second = new MemoryChunks();

        assertEquals(first.write(Listed.files(5000)), second.write(Listed.files(5000)));
        assertEquals(first.stored.keySet(), second.stored.keySet());
    }

    @Test
    void aPathThatDoesNotRiseIsRefusedAndTheWriterGoesOn() {
        MemoryChunks chunks = new MemoryChunks();
        ListingWriter writer = new ListingWriter(chunks);
        List<ListedEntry> added = List.of(Listed.folder("b"), Listed.folder("b/c"), Listed.folder("b-"));
        for (ListedEntry entry : added) {
            writer.add(entry);
            assertThrows(InvalidValueException.class, () -> writer.add(entry));
            assertThrows(InvalidValueException.class, () -> writer.add(Listed.folder("a")));
        }

        assertEquals(3, writer.entries());
        assertEquals(added, MemoryChunks.drain(chunks.reader(writer.finish()).all()));
        assertThrows(IllegalStateException.class, () -> writer.add(Listed.folder("z")));
        assertThrows(IllegalStateException.class, writer::finish);
    }

    @Test
    void aTextThatNoEncodingCarriesIsRefusedRatherThanMangled() {
        ListingWriter writer = new ListingWriter(new MemoryChunks());
        ListedEntry half = new ListedEntry(
                EntryPath.of("a"), EntryType.SYMLINK, 0, EntryAttributes.NONE, "x\ud800", List.of(), null);

        InvalidValueException thrown = assertThrows(InvalidValueException.class, () -> writer.add(half));
        assertTrue(thrown.getMessage().contains("'a'"), thrown.getMessage());
        assertEquals(0, writer.entries());
    }

    @Test
    void anEntryKeepsWhatTheDatasetSaidButItsSize() {
        EntryContent content = () -> new ByteArrayInputStream(new byte[3]);
        Entry yielded = Entry.file(EntryPath.of("f"), 99, EntryAttributes.of(null, 0600), content);
        ListedEntry listed = ListedEntry.of(yielded, 3, List.of(new Extent(Listed.chunk(1), 0, 3)), null);

        assertEquals(3, listed.size());
        assertEquals(
                new Entry(yielded.path(), EntryType.FILE, 3, yielded.attributes(), Optional.empty(), content),
                listed.toEntry(content));
        Entry link = Entry.symlink(EntryPath.of("l"), EntryAttributes.NONE, "to");
        assertEquals(link, ListedEntry.of(link, 0, List.of(), null).toEntry(content));
        assertSame(EntryContent.EMPTY, Listed.folder("d").toEntry(content).content());
    }

    @Test
    void anEntryThatContradictsItselfIsRefused() {
        EntryPath path = EntryPath.of("f");
        List<Extent> three = List.of(new Extent(Listed.chunk(1), 0, 3));
        Pages pages = new Pages(512, Listed.run(16));

        assertRefused(path, EntryType.FILE, 4, null, three, null);
        assertRefused(path, EntryType.FILE, 3, "target", three, null);
        assertRefused(path, EntryType.SYMLINK, 0, null, List.of(), null);
        assertRefused(path, EntryType.DIRECTORY, 3, null, three, null);
        assertRefused(path, EntryType.DIRECTORY, 0, null, List.of(), pages);
        assertRefused(path, EntryType.FILE, 0, null, List.of(), pages);
        assertThrows(IllegalArgumentException.class, () -> new Pages(1000, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Extent(Listed.chunk(1), 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Extent(Listed.chunk(1), -1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Extent(Listed.chunk(1), 1, ListingFormat.MAX_CHUNK));
    }

    @Provide
    Arbitrary<List<ListedEntry>> trees() {
        return Listed.trees();
    }

    private static void assertRefused(
            EntryPath path, EntryType type, long size, String target, List<Extent> extents, Pages pages) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ListedEntry(path, type, size, EntryAttributes.NONE, target, extents, pages));
    }

    private static void assertBelow(List<ListedEntry> tree, ListingReader reader, EntryPath top) {
        List<ListedEntry> expected = new ArrayList<>(tree);
        expected.removeIf(entry -> !entry.path().startsWith(top));
        assertEquals(expected, MemoryChunks.drain(reader.below(top)));
    }
}
