package dev.cairn.backup.core.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContainerBufferTest {

    private final Containers containers = Sample.containers();

    @Test
    void oneBufferMakesContainersOfEveryLengthOneAfterTheOther() throws Exception {
        ContainerBuffer buffer = containers.buffer(ContainerKind.PACK);
        // Downwards too, so that a short one follows a long one whose bytes are still in the pages.
        for (int i = 0; i < 2 * Sample.LENGTHS.length; i++) {
            int length = Sample.LENGTHS[i < Sample.LENGTHS.length ? i : 2 * Sample.LENGTHS.length - 1 - i];
            byte[] body = Sample.body(length);
            buffer.clear();
            writeInPieces(buffer, body, 10_007);
            assertEquals(length, buffer.bodyLength());
            ContainerBuffer.Sealed sealed = buffer.seal();
            byte[] stored = bytes(sealed);
            assertEquals(sealed.size(), stored.length);
            assertEquals(
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(stored)),
                    sealed.sha256());
            assertArrayEquals(body, containers.open(ContainerKind.PACK, "p", stored), length + " bytes");
            assertEquals(containers.seal(ContainerKind.PACK, "", body).length, stored.length);
        }
    }

    @Property(tries = 60)
    void howABodyIsCutIntoWritesDoesNotMatter(
            @ForAll @IntRange(max = 120_000) int length, @ForAll @IntRange(min = 1, max = 40_000) int piece)
            throws IOException {
        byte[] body = Sample.body(length);
        ContainerBuffer buffer = containers.buffer(ContainerKind.INDEX);
        writeInPieces(buffer, body, piece);
        assertArrayEquals(body, containers.open(ContainerKind.INDEX, "i", bytes(buffer.seal())));
    }

    @Test
    void theContentCanBeOpenedAgainAndReadByteByByte() throws IOException {
        ContainerBuffer buffer = containers.buffer(ContainerKind.PACK);
        writeInPieces(buffer, Sample.body(2_000), 2_000);
        ContainerBuffer.Sealed sealed = buffer.seal();
        byte[] stored = bytes(sealed);
        assertArrayEquals(stored, bytes(sealed));
        try (InputStream in = sealed.content().open()) {
            assertEquals(stored.length, in.available());
            for (byte b : stored) {
                assertEquals(b & 0xff, in.read());
            }
            assertEquals(-1, in.read());
            assertEquals(0, in.read(new byte[4], 0, 0));
            assertEquals(-1, in.read(new byte[4], 0, 4));
        }
    }

    @Test
    void contentOfAClearedBufferFailsInsteadOfGivingTheNextOnes() throws IOException {
        ContainerBuffer buffer = containers.buffer(ContainerKind.PACK);
        writeInPieces(buffer, Sample.body(100_000), 9_000);
        ContainerBuffer.Sealed first = buffer.seal();
        InputStream open = first.content().open();
        open.readNBytes(50_000);
        buffer.clear();
        writeInPieces(buffer, Sample.body(100_000), 9_000);
        ContainerBuffer.Sealed second = buffer.seal();
        assertThrows(IOException.class, () -> open.readNBytes(50_000));
        assertThrows(IOException.class, () -> bytes(first));
        assertEquals(second.size(), bytes(second).length);
    }

    @Test
    void theSameBodyAgainHasAnotherKeyAndName() throws IOException {
        ContainerBuffer buffer = containers.buffer(ContainerKind.PACK);
        writeInPieces(buffer, Sample.body(500), 500);
        ContainerBuffer.Sealed sealed = buffer.seal();
        byte[] first = bytes(sealed);
        buffer.clear();
        writeInPieces(buffer, Sample.body(500), 500);
        ContainerBuffer.Sealed again = buffer.seal();
        byte[] second = bytes(again);
        assertFalse(Arrays.equals(first, 32, 64, second, 32, 64), "salts");
        assertFalse(sealed.sha256().equals(again.sha256()), "names");
    }

    @Test
    void aSealedBufferTakesNothingMoreUntilItIsCleared() {
        ContainerBuffer buffer = containers.buffer(ContainerKind.PACK);
        buffer.seal();
        assertThrows(IllegalStateException.class, () -> buffer.write(new byte[1], 0, 1));
        assertThrows(IllegalStateException.class, buffer::seal);
        buffer.clear();
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.write(new byte[1], 0, 2));
        buffer.write(new byte[1], 0, 1);
        assertEquals(1, buffer.bodyLength());
    }

    @Test
    void aKindThatIsBoundToItsNameHasNoBuffer() {
        assertThrows(IllegalArgumentException.class, () -> containers.buffer(ContainerKind.MANIFEST));
    }

    private static void writeInPieces(ContainerBuffer buffer, byte[] body, int piece) {
        for (int off = 0; off < body.length; off += piece) {
            buffer.write(body, off, Math.min(piece, body.length - off));
        }
    }

    private static byte[] bytes(ContainerBuffer.Sealed sealed) throws IOException {
        try (InputStream in = sealed.content().open()) {
            return in.readAllBytes();
        }
    }
}
