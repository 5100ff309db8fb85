package dev.cairn.backup.core.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkHasherTest {

    /** Made with Python: {@code hmac.new(bytes(range(32)), b"chunk", "sha256").hexdigest()}. */
    private static final String HMAC_OF_CHUNK = "3d46dd86cb2691259c1535f663554cc5d469c7a8c956d45457ae1f7099d574ee";

    /** Made with Python: {@code hmac.new(bytes(range(32)), b"page" + bytes(4096), "sha256").hexdigest()[:32]}. */
    private static final String HASH_OF_ZERO_PAGE = "17630aacd814fdf6b0524b5608b5e4b1";

    @Test
    void anIdIsTheHmacOfThePlaintext() {
        byte[] content = "a chunk!".getBytes(StandardCharsets.US_ASCII);
        ChunkHasher hasher = new ChunkHasher(key());

        assertEquals(HMAC_OF_CHUNK, hasher.id(content, 2, 5).hex());
        assertEquals(HMAC_OF_CHUNK, hasher.id(content, 2, 5).hex(), "the hasher begins anew for each chunk");
    }

    @Test
    void aPageHashIsTheBeginningOfTheHmacOfTheWordPageAndThePage() {
        ChunkHasher hasher = new ChunkHasher(key());
        byte[] hashes = new byte[2 * ChunkHasher.PAGE_HASH_BYTES];
        hasher.pageHash16(new byte[4096], 0, 4096, hashes, ChunkHasher.PAGE_HASH_BYTES);

        assertEquals(HASH_OF_ZERO_PAGE, HexFormat.of().formatHex(hasher.pageHash16(new byte[5000], 7, 4096)));
        assertEquals("0".repeat(32) + HASH_OF_ZERO_PAGE, HexFormat.of().formatHex(hashes));
    }

    @Property(tries = 100)
    void anIdDependsOnTheContentAloneAndOnAllOfIt(
            @ForAll @Size(min = 1, max = 300) byte[] content,
            @ForAll @IntRange(max = 50) int off,
            @ForAll int position) {
        byte[] elsewhere = new byte[off + content.length + 3];
        Arrays.fill(elsewhere, (byte) 9);
        System.arraycopy(content, 0, elsewhere, off, content.length);
        ChunkHasher hasher = new ChunkHasher(key());
        ChunkId id = hasher.id(content, 0, content.length);
        byte[] page = hasher.pageHash16(content, 0, content.length);

        assertEquals(id, hasher.id(elsewhere, off, content.length));
        assertArrayEquals(page, hasher.pageHash16(elsewhere, off, content.length));
        content[Math.floorMod(position, content.length)] ^= 1;
        assertEquals(false, id.equals(hasher.id(content, 0, content.length)));
        assertEquals(false, Arrays.equals(page, hasher.pageHash16(content, 0, content.length)));
    }

    @Test
    void keysOfAnotherLengthAreRefused() {
        assertThrows(InvalidValueException.class, () -> new ChunkHasher(new byte[31]));
        assertThrows(InvalidValueException.class, () -> new ChunkHasher(new byte[64]));
        assertThrows(InvalidValueException.class, () -> FastCdc.of(new byte[0]));
    }

    private static byte[] key() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return key;
    }
}
