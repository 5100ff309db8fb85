package dev.cairn.backup.core.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.spi.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the bytes are, there is a right entry or the one exception, and an end. */
class ListingDamageTest {

    private static final String ID = "11".repeat(32);

    @Property(tries = 2000)
    void arbitraryBytesAreReadOrDamaged(@ForAll @Size(max = 200) byte[] bytes, @ForAll boolean leaf) {
        if (bytes.length > 0 && leaf) {
            bytes[0] = 0;
        }
        readEverything(bytes);
    }

    @Property(tries = 400)
    void aMutatedLeafIsReadOrDamaged(@ForAll("trees") List<ListedEntry> tree, @ForAll Random random) {
        if (tree.isEmpty()) {
            return;
        }
        MemoryChunks chunks = new MemoryChunks();
        byte[] leaf = chunks.stored.get(chunks.write(tree));
        for (int i = 0; i < 20; i++) {
            readEverything(mutated(leaf, random));
        }
    }

    @Test
    void aMutatedNodeOfARealTreeIsReadOrDamaged() {
        MemoryChunks chunks = new MemoryChunks();
        ChunkId root = chunks.write(Listed.deepTree(120));
        Random random = new Random(42);
        List<ChunkId> nodes = new ArrayList<>(chunks.stored.keySet());
        nodes.removeIf(id -> chunks.stored.get(id)[0] == 0);
        int damaged = 0;
        for (int i = 0; i < 300; i++) {
            ChunkId id = nodes.get(random.nextInt(nodes.size()));
            byte[] right = chunks.stored.get(id);
            chunks.stored.put(id, mutated(right, random));
            damaged += attempt(() ->
                            MemoryChunks.drain(chunks.reader(root).below(EntryPath.of("n".repeat(3000) + "/00077"))))
                    ? 1
                    : 0;
            damaged += attempt(() -> chunks.reader(root).forEachChunk(any -> true, any -> {})) ? 1 : 0;
            chunks.stored.put(id, right);
        }
        assertTrue(damaged > 200, damaged + " found");
    }

    @Test
    void everyPrefixOfALeafIsDamagedOrEndsAtAnEntry() {
        MemoryChunks chunks = new MemoryChunks();
        List<ListedEntry> files = Listed.files(3);
        byte[] leaf = chunks.stored.get(chunks.write(files));
        int whole = 0;
        for (int length = 0; length < leaf.length; length++) {
            whole += readEverything(Arrays.copyOf(leaf, length)) ? 0 : 1;
        }
        assertEquals(2, whole);
    }

    /** Leaves after their level, in hexadecimal; {@code ID} stands for a chunk id. */
    @ParameterizedTest
    @CsvSource({
        "'', 'a leaf has no entry'",
        "01 00 00 00, 'the shared part'",
        "00 01 61 00 00 02 01 62 00 00, 'the shared part'",
        "00 01 61 00 00 00 01 61 00 00, 'do not rise'",
        "00 01 61 00 00 01 00 00 00, 'do not rise'",
        "00 02 61 2d 00 00 00 03 61 2f 62 00 00, 'do not rise'",
        "00 01 62 00 00 00 01 61 00 00, 'do not rise'",
        "00 01 c3 00 00, 'not UTF-8'",
        "00 03 ed a0 80 00 00, 'not UTF-8'",
        "00 02 c0 af 00 00, 'not UTF-8'",
        "00 02 2e 2e 00 00, 'not allowed'",
        "00 02 2f 61 00 00, 'not allowed'",
        "00 01 00 00 00, 'not allowed'",
        "00 01 61 04 00, 'unknown type'",
        "00 01 61 00 40, 'flags'",
        "00 01 61 00 20, 'flags'",
        "00 01 61 00 02 80 04, 'a mode'",
        "00 01 61 00 01 00 80 94 eb dc 03, 'a nanosecond'",
        "00 01 61 00 01 ff ff ff ff ff ff ff ff 7f 00, 'out of range'",
        "00 01 61 00 04 05 61, 'length of a text'",
        "00 01 61 02 00 01 ff, 'not UTF-8'",
        "00 01 61 00, 'more was expected'",
        "00 05 61, 'more was expected'",
        "00 81 80 80 80 08 61, 'length of a path'",
        "00 01 61 01 00 ff ff ff ff ff ff ff ff ff 01, 'greater than 2^63'",
        "00 01 61 01 00 80 80 80 80 80 80 80 80 80 80 00, 'greater than 2^63'",
        "00 01 61 01 00 05, 'more was expected'",
        "00 01 61 01 00 05 ID 00 06, 'length of an extent'",
        "00 01 61 01 00 05 ID 00 00, 'is empty'",
        "00 01 61 01 00 05 ID 00 04, 'more was expected'",
        "00 01 61 01 00 05 ID 80 80 80 04 01, 'offset of an extent'",
        "00 01 61 01 00 05 ID ff ff ff 03 02, 'length of an extent'",
        "00 01 61 01 20 05 ID 00 05 e8 07, 'pages have 1000'",
        "00 01 61 01 20 05 ID 00 05 80 20 ID 00 11, 'length of an extent'",
        "00 01 61 01 20 05 ID 00 05 80 20, 'more was expected'"
    })
    void aLeafAgainstAnyRuleIsDamaged(String hex, String problem) {
        byte[] bytes = HexFormat.of().parseHex("00" + hex.replace("ID", ID).replace(" ", ""));
        MemoryChunks chunks = new MemoryChunks();
        assertDamaged(chunks, chunks.put(bytes, 0, bytes.length), problem);
    }

    @Test
    void aHugeSizeIsNoReasonToTakeMemory() {
        byte[] bytes = HexFormat.of().parseHex("00" + "0001610100" + "ffffffffffffffff7f" + ID + "0001");
        MemoryChunks chunks = new MemoryChunks();
        assertDamaged(chunks, chunks.put(bytes, 0, bytes.length), "more was expected");
    }

    @Test
    void aNodeHasToBeRightAboutItsChildren() {
        MemoryChunks chunks = new MemoryChunks();
        ChunkId a = chunks.write(List.of(Listed.folder("a"), Listed.folder("a/b")));
        ChunkId c = chunks.write(List.of(Listed.folder("c")));
        ChunkId right = node(chunks, 1, child("a", a, 2), child("c", c, 1));
        assertEquals(3, MemoryChunks.drain(chunks.reader(right).all()).size());
        assertEquals(
                3,
                MemoryChunks.drain(chunks.reader(node(chunks, 15, child("a", right, 3)))
                                .all())
                        .size());

        assertDamaged(chunks, node(chunks, 1), "no child");
        assertDamaged(chunks, node(chunks, 1, child("b", a, 2)), "does not begin");
        assertDamaged(chunks, node(chunks, 1, child("a", a, 1)), "more entries");
        assertDamaged(chunks, node(chunks, 1, child("a", a, 3)), "are missing");
        assertDamaged(chunks, node(chunks, 1, child("a", a, 0)), "impossible number");
        assertDamaged(chunks, node(chunks, 1, child("c", c, 1), child("a", a, 2)), "do not rise");
        assertDamaged(chunks, node(chunks, 1, child("a", a, Long.MAX_VALUE), child("c", c, 1)), "impossible number");
        assertDamaged(chunks, node(chunks, 2, child("a", right, 4)), "another number");
        assertDamaged(chunks, node(chunks, 2, child("b", right, 3)), "does not begin");
        assertDamaged(chunks, node(chunks, 1, child("a", right, 3)), "level");
        assertDamaged(chunks, node(chunks, 17, child("a", right, 3)), "level");
        ChunkId wide = chunks.write(List.of(Listed.folder("a"), Listed.folder("d")));
        assertDamaged(chunks, node(chunks, 1, child("a", wide, 2), child("c", c, 1)), "do not rise");
    }

    @Test
    void aCycleEndsAtOnce() {
        MemoryChunks chunks = new MemoryChunks();
        ChunkId self = Listed.chunk(1);
        ByteWriter node = new ByteWriter();
        node.u8(3);
        child("a", self, 1).accept(node);
        chunks.stored.put(self, Arrays.copyOf(node.bytes(), node.length()));

        assertDamaged(chunks, self, "level");
        assertTrue(chunks.read.size() <= 6, chunks.read.size() + " reads");
    }

    @Test
    void aMissingChunkIsToldAsTheSourceTellsItAndTheCursorStaysEnded() {
        MemoryChunks chunks = new MemoryChunks();
        ChunkId c = chunks.write(List.of(Listed.folder("c")));
        ChunkId root = node(chunks, 1, child("a", Listed.chunk(1), 2), child("c", c, 1));
        ListingReader.Cursor cursor = chunks.reader(root).all();

        DamagedRepositoryException thrown = assertThrows(DamagedRepositoryException.class, cursor::next);
        assertEquals(Listed.chunk(1).hex(), thrown.damaged());
        assertNull(cursor.next());
    }

    @Provide
    Arbitrary<List<ListedEntry>> trees() {
        return Listed.trees();
    }

    private static Consumer<ByteWriter> child(String path, ChunkId id, long entries) {
        return node -> {
            node.text(path.getBytes(StandardCharsets.UTF_8), 0, path.length());
            node.chunk(id);
            node.varint(entries);
        };
    }

    @SafeVarargs
    private static ChunkId node(MemoryChunks chunks, int level, Consumer<ByteWriter>... children) {
        ByteWriter node = new ByteWriter();
        node.u8(level);
        for (Consumer<ByteWriter> child : children) {
            child.accept(node);
        }
        return chunks.put(node);
    }

    private static void assertDamaged(MemoryChunks chunks, ChunkId root, String problem) {
        ListingReader reader = chunks.reader(root);
        for (Runnable read : List.<Runnable>of(
                () -> MemoryChunks.drain(reader.all()), () -> reader.forEachChunk(any -> true, any -> {}))) {
            DamagedRepositoryException thrown = assertThrows(DamagedRepositoryException.class, read::run);
            assertEquals("files", thrown.damaged());
            assertTrue(thrown.getMessage().contains(problem), thrown.getMessage());
        }
    }

    /** Whether it is damaged; what else is thrown fails the test. */
    private static boolean readEverything(byte[] bytes) {
        MemoryChunks chunks = new MemoryChunks();
        ListingReader reader = chunks.reader(chunks.put(bytes, 0, bytes.length));
        boolean whole = attempt(() -> MemoryChunks.drain(reader.all()));
        boolean marked = attempt(() -> reader.forEachChunk(any -> true, any -> {}));
        assertEquals(whole, marked);
        attempt(() -> MemoryChunks.drain(reader.below(EntryPath.of("a/b"))));
        return whole;
    }

    private static boolean attempt(Runnable read) {
        try {
            read.run();
            return false;
        } catch (DamagedRepositoryException e) {
            return true;
        }
    }

    private static byte[] mutated(byte[] right, Random random) {
        byte[] bytes = right.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes = Arrays.copyOf(bytes, at);
            default -> System.arraycopy(right, random.nextInt(at + 1), bytes, at, Math.min(bytes.length - at, 5));
        }
        return bytes;
    }
}
