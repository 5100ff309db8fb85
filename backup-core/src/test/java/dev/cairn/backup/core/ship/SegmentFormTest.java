package dev.cairn.backup.core.ship;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.LogSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SegmentFormTest {

    private static final String TIMELINE = "00112233445566778899aabbccddeeff";
    private static final Timeline HEAD = new Timeline(
            TIMELINE, "memory", "lineage-1", 4096, Logged.BEGIN, "it began — here", true, Optional.of("ab".repeat(16)));

    private static SegmentHeader header(SplittableRandom random, long number, LogSegment segment) {
        byte[] previous = new byte[32];
        random.nextBytes(previous);
        return new SegmentHeader(
                TIMELINE,
                number,
                previous,
                "memory",
                "lineage-1",
                segment.pageSize(),
                segment.resume(),
                random.nextLong(1L << 40),
                SegmentHeader.isOpen(random.nextBoolean(), segment),
                segment.pages().length,
                segment.commits());
    }

    private static byte[] body(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LogSegment segment = Logged.any(random);
        return SegmentForm.encode(header(random, 5, segment), segment);
    }

    @Property(tries = 300)
    void aSegmentSurvivesItsBytes(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LogSegment segment = Logged.any(random);
        SegmentHeader header = header(random, 1 + random.nextLong(1L << 50), segment);

        byte[] body = SegmentForm.encode(header, segment);
        SegmentForm.Decoded decoded = SegmentForm.decode(TIMELINE, header.number(), body);

        assertSame(header, decoded.header());
        assertSame(header, SegmentForm.header(TIMELINE, header.number(), body));
        assertEquals(segment.pageSize(), decoded.content().pageSize());
        assertEquals(segment.commits(), decoded.content().commits());
        assertArrayEquals(segment.pages(), decoded.content().pages());
        assertArrayEquals(segment.content(), decoded.content().content());
        assertEquals(segment.resume(), decoded.content().resume());
        assertArrayEquals(body, SegmentForm.encode(header, segment), "the same segment always gives the same bytes");
    }

    private static void assertSame(SegmentHeader expected, SegmentHeader found) {
        assertArrayEquals(expected.previous(), found.previous());
        assertEquals(expected.summary().after(), found.summary().after());
        assertEquals(expected.summary().before(), found.summary().before());
        assertEquals(
                List.of(expected.timeline(), expected.number(), expected.dataset(), expected.lineage()),
                List.of(found.timeline(), found.number(), found.dataset(), found.lineage()));
        assertEquals(
                List.of(expected.pageSize(), expected.resume(), expected.open(), expected.pages(), expected.commits()),
                List.of(found.pageSize(), found.resume(), found.open(), found.pages(), found.commits()));
    }

    @Test
    void aHeadSurvivesItsBytes() {
        assertEquals(HEAD, SegmentForm.timeline(TIMELINE, SegmentForm.encodeHead(HEAD, "resume")));
        Timeline first = new Timeline(TIMELINE, "d", "l", 512, Instant.MIN, "", false, Optional.empty());
        byte[] body = SegmentForm.encodeHead(first, "");
        assertEquals(first, SegmentForm.timeline(TIMELINE, body));
        assertEquals(0, SegmentForm.decode(TIMELINE, 0, body).content().pages().length);
        assertEquals(
                "resume",
                SegmentForm.header(TIMELINE, 0, SegmentForm.encodeHead(HEAD, "resume"))
                        .resume());
    }

    @Test
    void theBytesAreThoseOfTheFormat() {
        String beginning = "01" + TIMELINE + "%s" + "%s" + "066d656d6f7279" + "096c696e656167652d31" + "%s" + "0172";
        assertEquals(
                beginning.formatted("00", "00".repeat(32), "8020") + "02" + "00" + "03796573" + "03" + "ab".repeat(16),
                HexFormat.of()
                        .formatHex(SegmentForm.encodeHead(
                                new Timeline(
                                        TIMELINE,
                                        "memory",
                                        "lineage-1",
                                        4096,
                                        Instant.ofEpochSecond(1),
                                        "yes",
                                        true,
                                        Optional.of("ab".repeat(16))),
                                "r")));
        byte[] content = new byte[1024];
        Arrays.fill(content, 512, 1024, (byte) 9);
        LogSegment segment = new LogSegment(
                512,
                List.of(
                        new LogSegment.Commit(1, 300, Instant.ofEpochSecond(100, 7)),
                        new LogSegment.Commit(1, 2, Instant.ofEpochSecond(99))),
                new int[] {300, 2},
                content,
                "r");
        byte[] previous = new byte[32];
        Arrays.fill(previous, (byte) 0xcd);
        byte[] body = SegmentForm.encode(
                new SegmentHeader(
                        TIMELINE, 300, previous, "memory", "lineage-1", 512, "r", 128, true, 2, segment.commits()),
                segment);
        String text = HexFormat.of().formatHex(body);
        String expected = beginning.formatted("ac02", "cd".repeat(32), "8004")
                + "8001" + "01" + "02" + "02"
                + "01ac02c80107" + "00020100"
                + "d804" + "d304"
                + "01";
        assertEquals(expected, text.substring(0, expected.length()));
        int length = body[expected.length() / 2];
        assertEquals(body.length, expected.length() / 2 + 1 + length);
        assertEquals("28b52ffd", text.substring(expected.length() + 2, expected.length() + 10), "a zstd frame");
    }

    @Test
    void pagesThatCannotBeCompressedAreStoredAsTheyAre() {
        byte[] content = new byte[9 << 20];
        new SplittableRandom(1).nextBytes(content);
        int[] pages = new int[content.length >> 16];
        Arrays.fill(pages, 1);
        LogSegment segment = new LogSegment(1 << 16, List.of(), pages, content, "");
        byte[] body = SegmentForm.encode(header(new SplittableRandom(1), 1, segment), segment);
        assertTrue(body.length < content.length + 1000, () -> body.length + " bytes");
        assertArrayEquals(
                content, SegmentForm.decode(TIMELINE, 1, body).content().content());
        Arrays.fill(content, (byte) 1);
        assertTrue(SegmentForm.encode(header(new SplittableRandom(1), 1, segment), segment).length < 5_000);
    }

    @Property(tries = 100)
    void aSegmentThatWasCutIsDamage(@ForAll long seed, @ForAll @IntRange(max = 1_000_000) int at) {
        byte[] body = body(seed);
        byte[] cut = Arrays.copyOf(body, at % body.length);
        assertThrows(DamagedRepositoryException.class, () -> SegmentForm.decode(TIMELINE, 5, cut));
        byte[] longer = Arrays.copyOf(body, body.length + 1);
        assertThrows(DamagedRepositoryException.class, () -> SegmentForm.decode(TIMELINE, 5, longer));
        byte[] head = SegmentForm.encodeHead(HEAD, "resume");
        byte[] cutHead = Arrays.copyOf(head, at % head.length);
        assertThrows(DamagedRepositoryException.class, () -> SegmentForm.decode(TIMELINE, 0, cutHead));
    }

    @Property(tries = 2000)
    void aFlippedBitIsDamageOrAnotherSegment(@ForAll long seed, @ForAll @IntRange(min = 0) int bit) {
        byte[] body = body(seed);
        // Half of them in what comes before the pages.
        int at = bit % 2 == 0 ? bit / 2 % (8 * body.length) : bit / 2 % (8 * Math.min(body.length, 150));
        body[at / 8] ^= (byte) (1 << at % 8);
        assertDecodesOrDamaged(5, body);
        byte[] head = SegmentForm.encodeHead(HEAD, "resume");
        head[at / 8 % head.length] ^= (byte) (1 << at % 8);
        assertDecodesOrDamaged(0, head);
    }

    @Property(tries = 1000)
    void arbitraryBytesAreDamageOrASegment(
            @ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 150) int kept) {
        assertDecodesOrDamaged(5, bytes);
        byte[] mixed = body(7);
        System.arraycopy(bytes, 0, mixed, Math.min(kept, mixed.length - bytes.length), bytes.length);
        assertDecodesOrDamaged(5, mixed);
    }

    private static void assertDecodesOrDamaged(long number, byte[] body) {
        try {
            SegmentForm.Decoded decoded = SegmentForm.decode(TIMELINE, number, body);
            assertEquals(number, decoded.header().number());
        } catch (DamagedRepositoryException e) {
            assertTrue(e.damaged().startsWith("segments/" + TIMELINE + "/000000000000000000" + number), e.getMessage());
        }
    }

    @Test
    void aSegmentUnderAnothersNameIsDamage() {
        byte[] body = body(1);
        assertThrows(DamagedRepositoryException.class, () -> SegmentForm.decode(TIMELINE, 6, body));
        assertThrows(DamagedRepositoryException.class, () -> SegmentForm.header("ab".repeat(16), 5, body));
        assertThrows(DamagedRepositoryException.class, () -> SegmentForm.timeline(TIMELINE, body));
    }

    @Test
    void whatIsClaimedIsComparedWithTheLimitsBeforeItIsAllocated() {
        String beginning = "01" + TIMELINE + "05" + "00".repeat(32) + "0164" + "016c";
        for (String claim : List.of(
                "808008" + "00", // A page of 128 KiB
                "00" + "00",
                "8103" + "00",
                "8004" + "ffffffff7f", // A long resume
                "8004" + "00" + "ffffffffffffffffff7f", // A number of ten bytes
                "8004" + "00" + "00" + "00" + "ffffffff07" + "00", // 2^31 pages
                "8004" + "00" + "00" + "00" + "00" + "ffffffff07", // 2^31 commits
                "8004" + "00" + "ffffffffffffffff7f" + "00" + "00" + "01" + "00000000", // 2^63 transactions
                "8004" + "00" + "00" + "04" + "00" + "00", // An unknown flag
                "8004" + "00" + "00" + "00" + "01" + "00" + "00" + "00ff03", // Page 0
                "8004" + "00" + "00" + "00" + "01" + "00" + "01" + "0000", // A block of no page
                "8004" + "00" + "00" + "00" + "01" + "00" + "02" + "02" + "0100", // A block of form 2
                "8004" + "00" + "00" + "00" + "01" + "00" + "02" + "00" + "ffffffff07")) { // A block of 2 GiB
            byte[] body = HexFormat.of().parseHex(beginning + claim);
            assertThrows(DamagedRepositoryException.class, () -> SegmentForm.decode(TIMELINE, 5, body), claim);
        }
    }

    @Test
    void aSegmentBeyondTheLimitsIsNotWritten() {
        refused(new LogSegment(512, List.of(), new int[] {0}, new byte[512], ""));
        refused(new LogSegment(512, List.of(), new int[] {-1}, new byte[512], ""));
        refused(new LogSegment(512, List.of(new LogSegment.Commit(0, -1, Instant.EPOCH)), new int[0], new byte[0], ""));
        int[] pages = new int[1025];
        Arrays.fill(pages, 1);
        refused(new LogSegment(1 << 16, List.of(), pages, new byte[1025 << 16], ""));
        List<LogSegment.Commit> commits = new ArrayList<>();
        for (int i = 0; i <= SegmentForm.MOST_COMMITS; i++) {
            commits.add(new LogSegment.Commit(0, 1, Instant.EPOCH));
        }
        refused(new LogSegment(512, commits, new int[0], new byte[0], ""));
    }

    private static void refused(LogSegment segment) {
        SegmentHeader header = header(new SplittableRandom(1), 1, segment);
        assertThrows(InvalidValueException.class, () -> SegmentForm.encode(header, segment));
    }

    @Test
    void aTransactionIsOpenUntilItsCommit() {
        assertTrue(SegmentHeader.isOpen(false, Logged.opened(2)));
        assertTrue(SegmentHeader.isOpen(true, Logged.opened(0)));
        assertFalse(SegmentHeader.isOpen(false, Logged.opened(0)));
        assertFalse(SegmentHeader.isOpen(true, Logged.transactions(1, 1)));
    }
}
