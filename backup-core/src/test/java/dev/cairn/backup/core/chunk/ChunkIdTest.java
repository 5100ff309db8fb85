package dev.cairn.backup.core.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkIdTest {

    @Property(tries = 200)
    void anIdSurvivesBytesAndDigits(@ForAll @Size(ChunkId.BYTES) byte[] bytes) {
        byte[] framed = new byte[ChunkId.BYTES + 2];
        System.arraycopy(bytes, 0, framed, 1, bytes.length);
        ChunkId id = ChunkId.read(framed, 1);
        byte[] written = new byte[ChunkId.BYTES + 2];
        id.write(written, 1);

        assertTrue(Arrays.equals(framed, written));
        assertEquals(HexFormat.of().formatHex(bytes), id.hex());
        assertEquals(id, ChunkId.ofHex(id.hex()));
    }

    @Property(tries = 500)
    void idsAreOrderedAsTheirBytesAreUnsigned(
            @ForAll @Size(ChunkId.BYTES) byte[] left, @ForAll @Size(ChunkId.BYTES) byte[] right, @ForAll byte shared) {
        // Random ids differ in the first word nearly always; a shared beginning makes the later words decide.
        int same = Math.floorMod(shared, ChunkId.BYTES + 1);
        System.arraycopy(left, 0, right, 0, same);

        assertEquals(
                Integer.signum(Arrays.compareUnsigned(left, right)),
                Integer.signum(ChunkId.read(left, 0).compareTo(ChunkId.read(right, 0))));
    }

    @Test
    void otherDigitsAreRefused() {
        String valid = "0a".repeat(32);
        for (String wrong : new String[] {
            "", "0a", valid + "0", valid.substring(1), valid.replace('a', 'A'), valid.replace('a', 'g')
        }) {
            assertThrows(InvalidValueException.class, () -> ChunkId.ofHex(wrong), wrong);
        }
    }
}
