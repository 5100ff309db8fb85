package dev.cairn.backup.core.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where leaves and nodes end, how large they are, and how few of them are read. */
class ListingShapeTest {

    private static final List<ListedEntry> FILES = Listed.files(20_000);

    @Test
    void leavesHaveAbout64KiBAndAtMostOneMiB() {
        MemoryChunks chunks = new MemoryChunks();
        chunks.write(FILES);
        long bytes = 0;
        int leaves = 0;
        for (byte[] chunk : chunks.stored.values()) {
            assertTrue(chunk.length <= 1 << 20, "a chunk of " + chunk.length);
            leaves += chunk[0] == 0 ? 1 : 0;
            bytes += chunk[0] == 0 ? chunk.length : 0;
        }

        assertTrue(bytes / leaves > 40 << 10 && bytes / leaves < 90 << 10, leaves + " leaves of " + bytes / leaves);
    }

    @Test
    void aChangeMovesNoBoundaryElsewhere() {
        MemoryChunks before = new MemoryChunks();
        before.write(FILES);
        int seen = 0;
        for (int i = 0; i < FILES.size(); i += 997) {
            ListedEntry old = FILES.get(i);
            List<ListedEntry> inserted = new ArrayList<>(FILES);
            inserted.add(i + 1, Listed.file(old.path() + "-copy", 77, 1));
            List<ListedEntry> changed = new ArrayList<>(FILES);
            changed.set(i, Listed.file(old.path().value(), 99_999, 2_000_000_000L));
            List<ListedEntry> removed = new ArrayList<>(FILES);
            removed.remove(i);
            for (List<ListedEntry> after : List.of(inserted, changed, removed)) {
                MemoryChunks chunks = new MemoryChunks();
                chunks.write(after);
                Set<ChunkId> fresh = new HashSet<>(chunks.stored.keySet());
                fresh.removeAll(before.stored.keySet());
                // One leaf or, where the entry itself is a boundary, two; and one node or two a level.
                assertTrue(fresh.size() <= 4, fresh.size() + " new chunks around " + old.path());
                seen++;
            }
        }
        assertEquals(63, seen);
    }

    @Test
    void belowReadsAHandfulOfAHundredThousandEntries() {
        List<ListedEntry> files = Listed.files(100_000);
        MemoryChunks chunks = new MemoryChunks();
        ListingReader reader = chunks.reader(chunks.write(files));
        assertTrue(chunks.stored.size() > 80, chunks.stored.size() + " chunks");
        for (int i = 0; i < files.size(); i += 9973) {
            chunks.read.clear();
            ListingReader.Cursor cursor = reader.below(files.get(i).path());
            assertEquals(List.of(files.get(i)), MemoryChunks.drain(cursor));
            assertTrue(chunks.read.size() <= 3, chunks.read.size() + " chunks for one entry");
        }
        chunks.read.clear();
        assertEquals(
                1000,
                MemoryChunks.drain(reader.below(EntryPath.of("data/0042"))).size());
        assertTrue(chunks.read.size() <= 12, chunks.read.size() + " chunks for a hundredth");
        assertEquals(List.of(), MemoryChunks.drain(reader.below(EntryPath.of("data/0042x"))));
    }

    @Test
    void everyChunkIsToldAndWhatWasSeenIsSkipped() {
        List<ListedEntry> tree = new ArrayList<>(Listed.deepTree(200));
        Extent shared = new Extent(Listed.chunk(7), 1, 100);
        tree.add(new ListedEntry(
                EntryPath.of("z"),
                EntryType.FILE,
                200,
                EntryAttributes.NONE,
                null,
                List.of(shared, shared),
                new Pages(512, List.of(new Extent(Listed.chunk(8), 0, 16)))));
        MemoryChunks chunks = new MemoryChunks();
        ListingReader reader = chunks.reader(chunks.write(tree));
        Set<ChunkId> listing = new HashSet<>();
        List<ChunkId> content = new ArrayList<>();
        reader.forEachChunk(listing::add, content::add);

        assertEquals(chunks.stored.keySet(), listing);
        assertEquals(List.of(Listed.chunk(7), Listed.chunk(7), Listed.chunk(8)), content);

        tree.remove(20);
        ChunkId other = chunks.write(tree);
        chunks.read.clear();
        content.clear();
        chunks.reader(other).forEachChunk(listing::add, content::add);
        assertEquals(chunks.stored.keySet(), listing);
        assertTrue(chunks.read.size() <= 8, chunks.read.size() + " chunks read for one change");
        assertTrue(content.size() <= 3);

        content.clear();
        chunks.reader(other).forEachChunk(id -> false, content::add);
        assertEquals(List.of(), content);
    }

    @Test
    void aDatabaseOfManyRunsFitsAndIsALeafByItself() {
        ListedEntry database = runs("db/main.db", 128_000, 122_000);
        List<ListedEntry> tree = List.of(Listed.folder("db"), database, Listed.folder("x"));
        MemoryChunks chunks = new MemoryChunks();
        ChunkId root = chunks.write(tree);

        assertEquals(tree, MemoryChunks.drain(chunks.reader(root).all()));
        assertEquals(4, chunks.stored.size());
    }

    @Test
    void anEntryThatFitsNoLeafIsRefusedByNameAndTheWriterGoesOn() {
        MemoryChunks chunks = new MemoryChunks();
        ListingWriter writer = new ListingWriter(chunks);
        writer.add(Listed.folder("a"));
        ListedEntry tooLong = runs("db/main.db", 240_000, 0);
        LimitExceededException thrown = assertThrows(LimitExceededException.class, () -> writer.add(tooLong));
        assertTrue(thrown.getMessage().contains("db/main.db"), thrown.getMessage());
        ListedEntry longest = Listed.link("db/" + "m".repeat(4093), EntryEncoder.MAX_BODY - 6);
        assertThrows(LimitExceededException.class, () -> writer.add(Listed.link("db/l", EntryEncoder.MAX_BODY)));
        writer.add(longest);

        assertEquals(
                List.of(Listed.folder("a"), longest),
                MemoryChunks.drain(chunks.reader(writer.finish()).all()));
    }

    private static ListedEntry runs(String path, int runs, int hashes) {
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            extents.add(new Extent(Listed.chunk(i % 900), (i * 4096) % (1 << 20), 4096));
        }
        long size = runs * 4096L;
        Pages pages = hashes == 0 ? null : new Pages(4096, Listed.run(runs * 16L));
        return new ListedEntry(EntryPath.of(path), EntryType.FILE, size, EntryAttributes.NONE, null, extents, pages);
    }
}
