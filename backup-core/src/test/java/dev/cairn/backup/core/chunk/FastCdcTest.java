package dev.cairn.backup.core.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastCdcTest {

    private static final byte[] KEY = Sample.stream("gear", 32);
    private static final FastCdc CDC = FastCdc.of(KEY);
    private static final int MIB = 1 << 20;

    /** Pinned so that a change of the code that moves cuts, and so ends deduplication with what is stored, cannot pass unseen. */
    @Test
    void cutsStayWhereTheyAlwaysWere() {
        assertEquals(
                List.of(1153238, 1342847, 1158186, 1349366, 1207230, 1166656, 1011085),
                lengths(Sample.stream("content", 8 * MIB)));
    }

    @Test
    void cutsAreWhereThePlainReadingOfTheFormatPutsThem() {
        byte[] content = mixed(3, 12 * MIB);
        int at = 0;
        while (at < content.length) {
            int length = CDC.cut(content, at, content.length - at, true);
            assertEquals(plainCut(content, at), length, "at " + at);
            at += length;
        }
    }

    @Test
    void contentUpToTheLeastLengthIsOneChunkOnceItHasEnded() {
        byte[] content = Sample.stream("content", 2 * MIB);
        assertEquals(FastCdc.MIN, CDC.cut(content, 0, FastCdc.MIN, true));
        assertEquals(0, CDC.cut(content, 0, FastCdc.MIN, false));
        assertEquals(0, CDC.cut(content, 0, 0, true));
        assertEquals(0, CDC.cut(content, 0, 0, false));
        assertEquals(1, CDC.cut(content, 5, 1, true));
    }

    @Test
    void contentWithoutACutIsCutAtTheGreatestLength() {
        byte[] zeros = new byte[2 * FastCdc.MAX];

        assertEquals(FastCdc.MAX, CDC.cut(zeros, 0, zeros.length, true));
        assertEquals(FastCdc.MAX, CDC.cut(zeros, 1, FastCdc.MAX, false), "so many bytes always decide");
        assertEquals(0, CDC.cut(zeros, 0, FastCdc.MAX - 1, false));
        assertEquals(FastCdc.MAX - 1, CDC.cut(zeros, 0, FastCdc.MAX - 1, true));
    }

    /** A stretch whose fingerprint meets the easier mask alone ends a chunk one byte behind the average, and none at it. */
    @Test
    void theEasierMaskCountsFromTheFirstByteBehindTheAverage() {
        byte[] stretch = meetingTheEasierMaskOnly();
        byte[] content = new byte[2 * MIB];
        System.arraycopy(stretch, 0, content, FastCdc.AVERAGE + 1 - stretch.length, stretch.length);
        byte[] oneEarlier = new byte[2 * MIB];
        System.arraycopy(stretch, 0, oneEarlier, FastCdc.AVERAGE - stretch.length, stretch.length);

        assertEquals(FastCdc.AVERAGE + 1, CDC.cut(content, 0, content.length, true));
        assertEquals(oneEarlier.length, CDC.cut(oneEarlier, 0, oneEarlier.length, true));
    }

    @Property(tries = 12)
    void everyChunkButTheLastIsWithinBounds(@ForAll long seed, @ForAll @IntRange(max = 6 * MIB) int size) {
        byte[] content = mixed(seed, size);
        List<Integer> lengths = lengths(content);

        assertEquals(size, lengths.stream().mapToInt(each -> each).sum());
        for (int i = 0; i < lengths.size(); i++) {
            assertTrue(lengths.get(i) <= FastCdc.MAX, () -> "lengths " + lengths);
            assertTrue(lengths.get(i) > FastCdc.MIN || i == lengths.size() - 1, () -> "lengths " + lengths);
        }
    }

    @Property(tries = 10)
    void cutsDoNotDependOnHowMuchWasAvailableAtATime(
            @ForAll long seed, @ForAll @IntRange(min = 100_000, max = 5 * MIB) int step) {
        byte[] content = mixed(seed, 6 * MIB);
        List<Integer> lengths = new ArrayList<>();
        int at = 0;
        int there = 0;
        while (at < content.length) {
            there = Math.min(there + step, content.length);
            int length = CDC.cut(content, at, there - at, there == content.length);
            while (length > 0) {
                lengths.add(length);
                at += length;
                length = CDC.cut(content, at, there - at, there == content.length);
            }
        }

        assertEquals(lengths(content), lengths);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 300_000, MIB})
    void bytesInsertedInFrontMoveOnlyTheFirstCuts(int inserted) {
        byte[] content = Sample.stream("long content", 16 * MIB);
        byte[] longer = new byte[inserted + content.length];
        System.arraycopy(Sample.stream("in front", inserted), 0, longer, 0, inserted);
        System.arraycopy(content, 0, longer, inserted, content.length);
        List<Integer> before = cuts(content, 0);
        List<Integer> after = cuts(longer, inserted);
        int same = 0;
        while (same < before.size()
                && before.get(before.size() - 1 - same).equals(after.get(after.size() - 1 - same))) {
            same++;
        }

        assertTrue(same >= before.size() - 4, before + " became " + after);
    }

    private static List<Integer> lengths(byte[] content) {
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < content.length; at += lengths.get(lengths.size() - 1)) {
            lengths.add(CDC.cut(content, at, content.length - at, true));
        }
        return lengths;
    }

    private static List<Integer> cuts(byte[] content, int origin) {
        List<Integer> cuts = new ArrayList<>();
        int at = -origin;
        for (int length : lengths(content)) {
            at += length;
            cuts.add(at);
        }
        return cuts;
    }

    /** The format's words, one byte after the other, with the mask looked up anew for each. */
    private static int plainCut(byte[] content, int from) {
        long[] gear = FastCdc.gear(KEY);
        long fingerprint = 0;
        for (int length = FastCdc.MIN + 1; from + length <= content.length; length++) {
            fingerprint = (fingerprint << 1) + gear[Byte.toUnsignedInt(content[from + length - 1])];
            int zeros = length <= FastCdc.AVERAGE ? 22 : 18;
            if (fingerprint >>> (64 - zeros) == 0 || length == FastCdc.MAX) {
                return length;
            }
        }
        return content.length - from;
    }

    /** 64 bytes, all that a fingerprint of 64 bits knows of. */
    private static byte[] meetingTheEasierMaskOnly() {
        byte[] content = Sample.stream("stretch", 4 * MIB);
        long[] gear = FastCdc.gear(KEY);
        long fingerprint = 0;
        for (int i = 0; i < content.length; i++) {
            fingerprint = (fingerprint << 1) + gear[Byte.toUnsignedInt(content[i])];
            if (i >= 64 && fingerprint >>> 46 == 0 && fingerprint >>> 42 != 0) {
                return Arrays.copyOfRange(content, i - 63, i + 1);
            }
        }
        throw new AssertionError("no such stretch in 4 MiB");
    }

    private static byte[] random(long seed, int size) {
        byte[] out = new byte[size];
        new SplittableRandom(seed).nextBytes(out);
        return out;
    }

    /** Random bytes with long stretches of one value and of text between them. */
    private static byte[] mixed(long seed, int size) {
        byte[] out = random(seed, size);
        SplittableRandom random = new SplittableRandom(~seed);
        for (int i = 0; i < 4 && size > 0; i++) {
            int from = random.nextInt(size);
            int to = Math.min(size, from + random.nextInt(MIB));
            int values = 1 << (2 * i);
            for (int at = from; at < to; at++) {
                out[at] = (byte) (out[at] & (values - 1));
            }
        }
        return out;
    }
}
