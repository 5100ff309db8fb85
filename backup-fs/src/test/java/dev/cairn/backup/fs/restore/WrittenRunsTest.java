package dev.cairn.backup.fs.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WrittenRunsTest {

    private record Piece(int position, int length) {}

    @Property(tries = 300)
    void piecesInAnyOrderMakeUpTheWhole(@ForAll @IntRange(min = 1, max = 5_000) int size, @ForAll Random random) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        List<Piece> pieces = shuffled(size, random);
        WrittenRuns runs = new WrittenRuns();
        for (Piece piece : pieces) {
            assertTrue(runs.add(piece.position(), content, piece.position(), piece.length()));
        }
        int at = 0;
        for (WrittenRuns.Run run : runs.inOrder()) {
            CRC32C expected = new CRC32C();
            expected.update(content, at, (int) run.length());
            assertEquals(expected.getValue(), run.crc());
            at += (int) run.length();
        }
        assertEquals(size, at);
    }

    @Property(tries = 300)
    void whatWasWrittenBeforeIsRefusedAndChangesNothing(
            @ForAll @IntRange(min = 2, max = 5_000) int size, @ForAll Random random) {
        byte[] content = new byte[size];
        WrittenRuns runs = new WrittenRuns();
        shuffled(size, random).forEach(piece -> runs.add(piece.position(), content, 0, piece.length()));
        int before = runs.inOrder().size();
        int position = random.nextInt(size);
        assertFalse(runs.add(position, content, 0, 1 + random.nextInt(size - position)));
        assertEquals(before, runs.inOrder().size());
    }

    @Test
    void aFileThatComesInOrderIsOneRunHoweverLong() {
        WrittenRuns inOrder = new WrittenRuns();
        for (int position = 0; position < 100_000; position += 10) {
            assertTrue(inOrder.add(position, new byte[10], 0, 10));
        }
        assertEquals(1, inOrder.inOrder().size());
    }

    private static List<Piece> shuffled(int size, Random random) {
        List<Piece> pieces = new ArrayList<>();
        for (int at = 0; at < size; ) {
            int length = Math.min(size - at, 1 + random.nextInt(500));
            pieces.add(new Piece(at, length));
            at += length;
        }
        Collections.shuffle(pieces, random);
        return pieces;
    }
}
