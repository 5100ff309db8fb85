package dev.cairn.backup.core.ship;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.LogSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The body of a segment; see {@code docs/repository-format.md}, section 14. What comes before the pages can be read alone. The same segment always gives the same bytes, so that one's own can be
 * told from another's. A body that was not written here is a {@link DamagedRepositoryException}, and nothing that it claims is allocated before it was compared with the limits.
 */
final class SegmentForm {

    /** The most bytes of pages in a segment. Sources keep to about 8 MiB. */
    static final int MOST_CONTENT = 64 << 20;

    /** The most transactions in a segment. */
    static final int MOST_COMMITS = 1 << 18;

    /** The most bytes of a name, a reason or a resume in UTF-8. */
    static final int MOST_TEXT = 4096;

    static final int DIGEST = 32;

    private static final int FORM = 1;
    private static final int TIMELINE = 16;
    private static final int GAP = 1;
    private static final int PREDECESSOR = 2;
    private static final int OPEN = 1;
    private static final int SMALLEST_COMMIT = 4;

    /** A segment whole. */
    record Decoded(SegmentHeader header, LogSegment content) {}

    private SegmentForm() {}

    /** The head of a timeline, segment 0. */
    static byte[] encodeHead(Timeline timeline, String resume) {
        SegmentHeader header = new SegmentHeader(
                timeline.id(),
                0,
                new byte[DIGEST],
                timeline.dataset(),
                timeline.lineage(),
                timeline.pageSize(),
                resume,
                0,
                false,
                0,
                List.of());
        BodyWriter out = new BodyWriter(512);
        writeBeginning(out, header);
        out.time(timeline.begunAt(), 0);
        out.text(timeline.why());
        out.u8((timeline.gap() ? GAP : 0) | (timeline.predecessor().isPresent() ? PREDECESSOR : 0));
        timeline.predecessor().ifPresent(id -> out.raw(HexFormat.of().parseHex(id), TIMELINE));
        return out.toBytes();
    }

    /**
     * A segment with pages.
     *
     * @throws InvalidValueException if a part of it is beyond the limits
     */
    static byte[] encode(SegmentHeader header, LogSegment segment) {
        check(segment);
        BodyWriter out = new BodyWriter(1024 + 16 * segment.commits().size() + segment.content().length / 2);
        writeBeginning(out, header);
        out.varint(header.before());
        out.u8(header.open() ? OPEN : 0);
        out.varint(segment.pages().length);
        out.varint(segment.commits().size());
        int pages = 0;
        long second = 0;
        for (LogSegment.Commit commit : segment.commits()) {
            out.varint(commit.pages() - pages);
            out.varint(commit.size());
            out.time(commit.seenAt(), second);
            pages = commit.pages();
            second = commit.seenAt().getEpochSecond();
        }
        PageBlocks.write(out, segment);
        return out.toBytes();
    }

    private static void check(LogSegment segment) {
        if (segment.content().length > MOST_CONTENT) {
            throw new InvalidValueException(
                    "bytes of pages in a segment", segment.content().length, "at most " + MOST_CONTENT);
        }
        if (segment.commits().size() > MOST_COMMITS) {
            throw new InvalidValueException(
                    "commits in a segment", segment.commits().size(), "at most " + MOST_COMMITS);
        }
        for (int page : segment.pages()) {
            if (page < 1) {
                throw new InvalidValueException("page", page, "1 for the first page, and more");
            }
        }
        for (LogSegment.Commit commit : segment.commits()) {
            if (commit.size() < 0) {
                throw new InvalidValueException("size of the content in pages", commit.size(), "0 or more");
            }
        }
    }

    private static void writeBeginning(BodyWriter out, SegmentHeader header) {
        out.u8(FORM);
        out.raw(HexFormat.of().parseHex(header.timeline()), TIMELINE);
        out.varint(header.number());
        out.raw(header.previous(), DIGEST);
        out.text(header.dataset());
        out.text(header.lineage());
        out.varint(header.pageSize());
        out.text(header.resume());
    }

    /** The timeline that a head begins. */
    static Timeline timeline(String id, byte[] body) {
        BodyReader in = new BodyReader(SegmentFiles.name(id, 0), body);
        SegmentHeader header = beginning(in, id, 0);
        Instant begunAt = in.time(0);
        String why = in.text(MOST_TEXT);
        int flags = in.u8();
        if ((flags & ~(GAP | PREDECESSOR)) != 0) {
            throw in.damage("flags are " + flags);
        }
        Optional<String> predecessor = (flags & PREDECESSOR) == 0
                ? Optional.empty()
                : Optional.of(HexFormat.of().formatHex(in.raw(TIMELINE)));
        in.end();
        return new Timeline(
                id,
                header.dataset(),
                header.lineage(),
                header.pageSize(),
                begunAt,
                why,
                (flags & GAP) != 0,
                predecessor);
    }

    /** What a segment says of itself. Its pages are not looked at. */
    static SegmentHeader header(String timeline, long number, byte[] body) {
        return header(new BodyReader(SegmentFiles.name(timeline, number), body), timeline, number);
    }

    /** A segment with its pages. */
    static Decoded decode(String timeline, long number, byte[] body) {
        if (number == 0) {
            timeline(timeline, body);
        }
        BodyReader in = new BodyReader(SegmentFiles.name(timeline, number), body);
        SegmentHeader header = header(in, timeline, number);
        if (number == 0) {
            return new Decoded(
                    header, new LogSegment(header.pageSize(), List.of(), new int[0], new byte[0], header.resume()));
        }
        return new Decoded(header, PageBlocks.read(in, header));
    }

    private static SegmentHeader header(BodyReader in, String timeline, long number) {
        SegmentHeader beginning = beginning(in, timeline, number);
        if (number == 0) {
            return beginning;
        }
        long before = in.varint();
        int flags = in.u8();
        if ((flags & ~OPEN) != 0) {
            throw in.damage("flags are " + flags);
        }
        // Each page takes a byte of its number at least, each commit four.
        int pages = in.varint(Math.min(MOST_CONTENT / beginning.pageSize(), in.left()), "the number of pages");
        int count = in.varint(Math.min(MOST_COMMITS, in.left() / SMALLEST_COMMIT), "the number of commits");
        if (before > Long.MAX_VALUE - count) {
            throw in.damage("there are " + before + " transactions before");
        }
        List<LogSegment.Commit> commits = new ArrayList<>(count);
        int end = 0;
        long second = 0;
        for (int i = 0; i < count; i++) {
            end += in.varint(pages - end, "the number of pages of a transaction");
            long size = in.varint();
            Instant seenAt = in.time(second);
            commits.add(new LogSegment.Commit(end, size, seenAt));
            second = seenAt.getEpochSecond();
        }
        return new SegmentHeader(
                timeline,
                number,
                beginning.previous(),
                beginning.dataset(),
                beginning.lineage(),
                beginning.pageSize(),
                beginning.resume(),
                before,
                (flags & OPEN) != 0,
                pages,
                List.copyOf(commits));
    }

    private static SegmentHeader beginning(BodyReader in, String timeline, long number) {
        int form = in.u8();
        if (form != FORM) {
            throw in.damage("the form is " + form + ", and only " + FORM + " is known");
        }
        String id = HexFormat.of().formatHex(in.raw(TIMELINE));
        long found = in.varint();
        if (!id.equals(timeline) || found != number) {
            throw new DamagedRepositoryException(
                    in.name(), "holds another segment, " + SegmentFiles.name(id, found), null);
        }
        byte[] previous = in.raw(DIGEST);
        String dataset = in.text(MOST_TEXT);
        String lineage = in.text(MOST_TEXT);
        int pageSize = in.varint(1 << 16, "the size of a page");
        if (pageSize < 512 || Integer.bitCount(pageSize) != 1) {
            throw in.damage("the size of a page is " + pageSize);
        }
        String resume = in.text(MOST_TEXT);
        if (resume.length() > 256) {
            throw in.damage("the resume has " + resume.length() + " characters, at most 256 are possible");
        }
        return new SegmentHeader(
                timeline, number, previous, dataset, lineage, pageSize, resume, 0, false, 0, List.of());
    }
}
