package dev.cairn.backup.core.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockCodecTest {

    private static final String BLOCK = "packs/ab/cd, block 3";

    private final BlockCodec codec = new BlockCodec();

    @AfterEach
    @AfterProperty
    void close() {
        codec.close();
    }

    @Property(tries = 60)
    void aBlockSurvivesEncoding(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 300_000) int size, @ForAll @IntRange(max = 9) int off) {
        for (byte[] raw : new byte[][] {new byte[size], random(seed, size), text(seed, size), mixed(seed, size)}) {
            byte[] framed = new byte[off + size + 3];
            System.arraycopy(raw, 0, framed, off, size);
            BlockCodec.Encoded encoded = codec.encode(framed, off, size);
            byte[] stored = Arrays.copyOf(encoded.bytes(), encoded.length());

            assertTrue(encoded.zstd() ? stored.length < size : stored.length == size);
            assertArrayEquals(raw, decode(stored, encoded.zstd(), size));
        }
    }

    @Test
    void textAndZerosAreCompressedAndRandomBytesAreNot() {
        int size = 1 << 20;

        assertTrue(codec.encode(text(1, size), 0, size).length() < size / 2);
        assertTrue(codec.encode(new byte[size], 0, size).length() < 100);
        BlockCodec.Encoded random = codec.encode(random(1, size), 0, size);
        assertFalse(random.zstd());
        assertEquals(size, random.length());
        assertFalse(codec.encode(new byte[1], 0, 1).zstd());
    }

    @Test
    void theGreatestBlockIsAllowedAndNoGreaterOne() {
        byte[] raw = text(2, Block.MAX_RAW);
        BlockCodec.Encoded encoded = codec.encode(raw, 0, raw.length);

        assertArrayEquals(raw, decode(Arrays.copyOf(encoded.bytes(), encoded.length()), true, raw.length));
        assertThrows(
                InvalidValueException.class, () -> codec.encode(new byte[Block.MAX_RAW + 1], 0, Block.MAX_RAW + 1));
        assertThrows(InvalidValueException.class, () -> codec.encode(raw, 0, 0));
    }

    @Test
    void aFrameSaysHowLongItsContentIsAndHasNoChecksum() {
        byte[] raw = text(3, 70_000);
        BlockCodec.Encoded encoded = codec.encode(raw, 0, raw.length);

        assertEquals(raw.length, Zstd.getFrameContentSize(encoded.bytes(), 0, encoded.length()));
        assertEquals(
                0, encoded.bytes()[4] & 0x04, "bit 2 of the frame header descriptor, RFC 8878 section 3.1.1.1.1.5");
    }

    @Test
    void aFrameThatDoesNotDecodeToTheBlockIsNeverHandedOut() {
        byte[] raw = text(6, 5000);
        int length = codec.encode(raw, 0, raw.length).length();
        codec.verify(length, raw, 0, raw.length);
        raw[4321] ^= 1; // as a bit that fell over in memory while zstd was at work

        DamagedRepositoryException e =
                assertThrows(DamagedRepositoryException.class, () -> codec.verify(length, raw, 0, raw.length));
        assertTrue(e.getMessage().contains("check the memory"), e.getMessage());
    }

    @Test
    void aFrameOfAnotherLengthIsDamage() {
        byte[] raw = text(4, 5000);
        BlockCodec.Encoded encoded = codec.encode(raw, 0, raw.length);
        byte[] frame = Arrays.copyOf(encoded.bytes(), encoded.length());

        assertDamaged(frame, true, 4999);
        assertDamaged(frame, true, 5001);
        assertDamaged(frame, false, 5000);
        assertDamaged(Arrays.copyOf(frame, frame.length - 1), true, 5000);
        assertDamaged(Arrays.copyOf(frame, frame.length + 1), true, 5000);
        assertDamaged(new byte[0], true, 5000);
        // Without a size in the frame nobody could check it before room is made.
        try (ZstdCompressCtx other = new ZstdCompressCtx()) {
            assertDamaged(other.setContentSize(false).compress(raw), true, 5000);
        }
    }

    @Property(tries = 300)
    void aSpoiledFrameIsDamageOrDecodesToAsManyBytes(
            @ForAll long seed, @ForAll int position, @ForAll @IntRange(min = 1, max = 255) int flip) {
        byte[] raw = text(seed, 3000);
        BlockCodec.Encoded encoded = codec.encode(raw, 0, raw.length);
        byte[] frame = Arrays.copyOf(encoded.bytes(), encoded.length());
        frame[Math.floorMod(position, frame.length)] ^= (byte) flip;
        decodeOrDamage(frame, raw.length);
    }

    @Property(tries = 300)
    void arbitraryBytesAreDamageOrDecodeToAsManyBytes(@ForAll @Size(max = 100) byte[] bytes, @ForAll boolean magic) {
        if (magic && bytes.length >= 4) {
            byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
            System.arraycopy(zstd, 0, bytes, 0, 4);
        }
        decodeOrDamage(bytes, 200);
    }

    private void decodeOrDamage(byte[] stored, int raw) {
        byte[] into = new byte[raw + 10];
        Arrays.fill(into, raw, into.length, (byte) 7);
        try {
            codec.decode(stored, 0, stored.length, true, into, raw, BLOCK);
        } catch (DamagedRepositoryException e) {
            assertEquals(BLOCK, e.damaged());
        }
        for (int i = raw; i < into.length; i++) {
            assertEquals(7, into[i], "nothing is written behind the block");
        }
    }

    @Test
    void damageLeavesTheCodecUsable() {
        assertDamaged(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, true, 100);
        byte[] raw = text(5, 1000);
        BlockCodec.Encoded encoded = codec.encode(raw, 0, raw.length);

        assertArrayEquals(raw, decode(Arrays.copyOf(encoded.bytes(), encoded.length()), encoded.zstd(), raw.length));
    }

    private byte[] decode(byte[] stored, boolean zstd, int raw) {
        byte[] framed = new byte[stored.length + 5];
        System.arraycopy(stored, 0, framed, 2, stored.length);
        byte[] into = new byte[raw];
        codec.decode(framed, 2, stored.length, zstd, into, raw, BLOCK);
        return into;
    }

    private void assertDamaged(byte[] stored, boolean zstd, int raw) {
        DamagedRepositoryException e = assertThrows(
                DamagedRepositoryException.class,
                () -> codec.decode(stored, 0, stored.length, zstd, new byte[raw], raw, BLOCK));
        assertEquals(BLOCK, e.damaged());
    }

    private static byte[] random(long seed, int size) {
        byte[] out = new byte[size];
        new SplittableRandom(seed).nextBytes(out);
        return out;
    }

    private static byte[] text(long seed, int size) {
        String[] words = {"chunk ", "pack ", "snapshot ", "listing\n", "index ", "block "};
        SplittableRandom random = new SplittableRandom(seed);
        byte[] out = new byte[size];
        for (int at = 0; at < size; ) {
            byte[] word = words[random.nextInt(words.length)].getBytes(StandardCharsets.US_ASCII);
            int length = Math.min(word.length, size - at);
            System.arraycopy(word, 0, out, at, length);
            at += length;
        }
        return out;
    }

    private static byte[] mixed(long seed, int size) {
        byte[] out = text(seed, size);
        System.arraycopy(random(seed, size), 0, out, size / 3, size / 2);
        return out;
    }
}
