package dev.cairn.backup.core.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.Directories;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IndexSegmentTest {

    private static final String SEGMENT = "index/abcd";

    @Test
    void theBytesAreThoseOfTheFormat() {
        ChunkId id = new ChunkId(1, 2, 3, 255);
        Block block = new Block(0, 5, 9, true, new ChunkId[] {id}, new int[] {9});
        PackContents pack = new PackContents(new PackId("ab".repeat(32)), 4711, new PackDirectory(List.of(block)));

        assertEquals(
                "ab".repeat(32) + "0000000000001267" + "00000035"
                        + "00000001" + "00000005" + "00000009" + "01" + "00000001"
                        + "00000000000000010000000000000002000000000000000300000000000000ff" + "00000009",
                HexFormat.of().formatHex(IndexSegment.encode(List.of(pack)).get(0)));
    }

    @Property(tries = 100)
    void packsSurviveTheirBytes(@ForAll long seed, @ForAll @IntRange(max = 8) int count) {
        List<PackContents> packs = packs(new SplittableRandom(seed), count);
        List<byte[]> bodies = IndexSegment.encode(packs);

        assertEquals(count == 0 ? 0 : 1, bodies.size());
        assertEquals(packs, decoded(bodies));
    }

    @Test
    void aBodyHasAtMostSixteenMebibytesUnlessOnePackIsLonger() {
        SplittableRandom random = new SplittableRandom(1);
        List<PackContents> packs = new ArrayList<>();
        for (int chunks : new int[] {100_000, 300_000, 200_000, 500_000, 1, 466_028, 2}) {
            packs.add(large(random, chunks));
        }
        List<byte[]> bodies = IndexSegment.encode(packs);

        assertEquals(
                List.of(2, 1, 1, 2, 1),
                bodies.stream()
                        .map(body -> IndexSegment.decode(body, SEGMENT).size())
                        .toList());
        for (byte[] body : bodies) {
            assertTrue(body.length <= IndexSegment.MAX_BYTES
                    || IndexSegment.decode(body, SEGMENT).size() == 1);
        }
        assertEquals(packs, decoded(bodies));
    }

    @Property(tries = 1000)
    void arbitraryBytesAreASegmentOrDamage(
            @ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(max = 80) int length) {
        if (bytes.length >= 48) {
            ByteBuffer.wrap(bytes).put(32, (byte) 0).putInt(40, length).putInt(44, length / 40);
        }
        assertSegmentOrDamage(bytes);
    }

    @Property(tries = 1000)
    void aSpoiledSegmentIsASegmentOrDamage(
            @ForAll long seed, @ForAll int position, @ForAll byte value, @ForAll @IntRange(max = 60) int cut) {
        byte[] bytes = IndexSegment.encode(packs(new SplittableRandom(seed), 3)).get(0);
        bytes[Math.floorMod(position, bytes.length)] = value;
        assertSegmentOrDamage(bytes);
        assertSegmentOrDamage(Arrays.copyOf(bytes, Math.max(0, bytes.length - cut)));
        assertSegmentOrDamage(Arrays.copyOf(bytes, bytes.length + cut));
    }

    private static void assertSegmentOrDamage(byte[] bytes) {
        try {
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            IndexSegment.encode(IndexSegment.decode(bytes, SEGMENT)).forEach(again::writeBytes);
            assertArrayEquals(bytes, again.toByteArray());
        } catch (DamagedRepositoryException e) {
            assertEquals(SEGMENT, e.damaged());
        }
    }

    @Test
    void lengthsThatCannotBeAreDamage() {
        for (int length : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 3, 5}) {
            byte[] body = ByteBuffer.allocate(48).putInt(40, length).array();
            assertThrows(
                    DamagedRepositoryException.class, () -> IndexSegment.decode(body, SEGMENT), "length " + length);
        }
        byte[] size = ByteBuffer.allocate(48).putLong(32, -1).putInt(40, 4).array();
        assertThrows(DamagedRepositoryException.class, () -> IndexSegment.decode(size, SEGMENT));
        assertThrows(
                InvalidValueException.class,
                () -> new PackContents(Contents.packId(1), -1, new PackDirectory(List.of())));
    }

    private static List<PackContents> packs(SplittableRandom random, int count) {
        List<PackContents> packs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packs.add(new PackContents(
                    Contents.randomPackId(random), random.nextLong() >>> 1, Directories.random(random, 3, 4)));
        }
        return packs;
    }

    private static PackContents large(SplittableRandom random, int chunks) {
        ChunkId[] ids = new ChunkId[chunks];
        Arrays.setAll(ids, i -> Contents.id(random.nextLong()));
        int[] lengths = new int[chunks];
        Arrays.fill(lengths, 1);
        Block block = new Block(0, chunks, chunks, false, ids, lengths);
        return new PackContents(Contents.randomPackId(random), chunks, new PackDirectory(List.of(block)));
    }

    private static List<PackContents> decoded(List<byte[]> bodies) {
        List<PackContents> packs = new ArrayList<>();
        bodies.forEach(body -> packs.addAll(IndexSegment.decode(body, SEGMENT)));
        return packs;
    }
}
