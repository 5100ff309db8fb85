package dev.cairn.backup.core.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.FastCdc;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PackDirectoryTest {

    private static final String PACK = "packs/ab/cd";
    private static final int ONE_BLOCK = 4 + 13 + 36;

    /** Written out from section 6 of the format. */
    @Test
    void theBytesAreThoseOfTheFormat() {
        Block first = new Block(0, 5, 9, true, ids(1, 2), new int[] {3, 6});
        Block second = new Block(5, 7, 7, false, ids(3), new int[] {7});
        String expected = "00000002"
                + "00000005" + "00000009" + "01" + "00000002"
                + "00000000000000010000000000000002000000000000000300000000000000ff" + "00000003"
                + "00000000000000020000000000000002000000000000000300000000000000ff" + "00000006"
                + "00000007" + "00000007" + "00" + "00000001"
                + "00000000000000030000000000000002000000000000000300000000000000ff" + "00000007";

        assertEquals(expected, HexFormat.of().formatHex(new PackDirectory(List.of(first, second)).encode()));
    }

    @Property(tries = 200)
    void aDirectorySurvivesItsBytes(@ForAll long seed, @ForAll @IntRange(max = 9) int before) {
        PackDirectory directory = Directories.random(new SplittableRandom(seed), 8, 20);
        byte[] framed = new byte[before + directory.encodedLength() + 5];
        directory.encode(framed, before);

        assertEquals(directory, PackDirectory.decode(framed, before, directory.encodedLength(), PACK));
        assertEquals(directory.blocks().stream().mapToInt(Block::stored).sum(), directory.blockBytes());
    }

    @Property(tries = 1000)
    void arbitraryBytesAreADirectoryOrDamage(
            @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(max = 3) int count) {
        if (bytes.length >= 4) {
            ByteBuffer.wrap(bytes).putInt(count); // else nearly all fail at the number of blocks
        }
        assertDirectoryOrDamage(bytes);
    }

    @Property(tries = 1000)
    void aSpoiledDirectoryIsADirectoryOrDamage(
            @ForAll long seed, @ForAll int position, @ForAll byte value, @ForAll @IntRange(max = 40) int cut) {
        byte[] bytes = Directories.random(new SplittableRandom(seed), 4, 4).encode();
        bytes[Math.floorMod(position, bytes.length)] = value;
        assertDirectoryOrDamage(bytes);
        assertDirectoryOrDamage(Arrays.copyOf(bytes, Math.max(0, bytes.length - cut)));
        assertDirectoryOrDamage(Arrays.copyOf(bytes, bytes.length + cut));
    }

    private static void assertDirectoryOrDamage(byte[] bytes) {
        try {
            assertArrayEquals(
                    bytes, PackDirectory.decode(bytes, 0, bytes.length, PACK).encode());
        } catch (DamagedRepositoryException e) {
            assertEquals(PACK, e.damaged());
        }
    }

    @Test
    void figuresOutsideTheLimitsAreDamage() {
        assertDamaged(directory(0, 1, 0, 1, 1), "no stored bytes");
        assertDamaged(directory(1, 0, 1, 1, 0), "no raw bytes");
        assertDamaged(directory(2, 1, 1, 1, 1), "more stored than raw bytes");
        assertDamaged(directory(1, 2, 0, 1, 2), "less stored bytes without a codec");
        assertDamaged(directory(1, 2, 2, 1, 2), "an unknown codec");
        assertDamaged(directory(1, 2, 1, 1, 1), "chunks shorter than the block");
        assertDamaged(directory(1, 1, 1, 1, 2), "chunks longer than the block");
        assertDamaged(directory(-1, -1, 0, 1, -1), "4 GiB");
        assertDamaged(directory(1, Block.MAX_RAW + 1, 1, 1, Block.MAX_RAW + 1), "a block over 16 MiB");
        assertDamaged(directory(1, FastCdc.MAX + 1, 1, 1, FastCdc.MAX + 1), "a chunk over 8 MiB");
        assertDamaged(directory(1, 1, 1, 2, 1), "fewer chunks than it says");
        assertDamaged(directory(1, 1, 1, 0, 1), "more chunks than it says");
        assertDamaged(directory(1, 1, 1, -1, 1), "2^32 chunks");
        assertDamaged(new byte[] {-1, -1, -1, -1, 0}, "2^32 blocks");
        assertDamaged(new byte[] {0, 0, 0}, "no number of blocks");
        assertDamaged(new byte[0], "nothing");
        byte[] fine = directory(1, FastCdc.MAX, 1, 1, FastCdc.MAX);
        assertEquals(
                1,
                PackDirectory.decode(fine, 0, fine.length, PACK).blocks().size(),
                "the limits themselves are allowed");
    }

    @Test
    void aDirectoryOverItsLimitIsDamageBeforeItIsRead() {
        assertThrows(
                DamagedRepositoryException.class,
                () -> PackDirectory.decode(new byte[0], 0, PackDirectory.MAX_BYTES + 1, PACK));
    }

    @Test
    void blocksThatEndBeyondTwoGibibytesAreDamage() {
        int blocks = 129;
        ByteBuffer out = ByteBuffer.allocate(4 + blocks * (13 + 2 * 36));
        out.putInt(blocks);
        for (int i = 0; i < blocks; i++) {
            out.putInt(Block.MAX_RAW).putInt(Block.MAX_RAW).put((byte) 0).putInt(2);
            out.put(new byte[32]).putInt(FastCdc.MAX).put(new byte[32]).putInt(FastCdc.MAX);
        }

        assertDamaged(out.array(), "129 blocks of 16 MiB");
    }

    @Test
    void whatTheFormatDoesNotAllowIsNotMade() {
        assertThrows(InvalidValueException.class, () -> new Block(0, 1, 2, false, ids(1), new int[] {2}));
        assertThrows(InvalidValueException.class, () -> new Block(0, 3, 2, true, ids(1), new int[] {2}));
        assertThrows(InvalidValueException.class, () -> new Block(0, 1, 2, true, ids(1), new int[] {1}));
        assertThrows(InvalidValueException.class, () -> new Block(0, 1, 2, true, ids(1, 2), new int[] {2}));
        assertThrows(InvalidValueException.class, () -> new Block(-1, 1, 2, true, ids(1), new int[] {2}));
        assertThrows(InvalidValueException.class, () -> new Block(0, 1, 1, true, ids(), new int[] {}));
        Block late = new Block(1, 1, 2, true, ids(1), new int[] {2});
        assertThrows(InvalidValueException.class, () -> new PackDirectory(List.of(late)));
    }

    @Test
    void noBlocksAreADirectoryToo() {
        assertTrue(PackDirectory.decode(new byte[4], 0, 4, PACK).blocks().isEmpty());
        assertEquals(0, new PackDirectory(List.of()).blockBytes());
    }

    private static void assertDamaged(byte[] bytes, String why) {
        assertThrows(DamagedRepositoryException.class, () -> PackDirectory.decode(bytes, 0, bytes.length, PACK), why);
    }

    private static byte[] directory(int stored, int raw, int codec, int chunks, int length) {
        return ByteBuffer.allocate(ONE_BLOCK)
                .putInt(1)
                .putInt(stored)
                .putInt(raw)
                .put((byte) codec)
                .putInt(chunks)
                .put(new byte[32])
                .putInt(length)
                .array();
    }

    private static ChunkId[] ids(long... firstWords) {
        return Arrays.stream(firstWords)
                .mapToObj(a -> new ChunkId(a, 2, 3, 255))
                .toArray(ChunkId[]::new);
    }
}
