package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.sqlite.wal.WalFile;
import dev.cairn.backup.sqlite.wal.WalFrames;
import dev.cairn.backup.sqlite.wal.WalHeader;
import dev.cairn.backup.sqlite.wal.WalPlace;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts committed frames into segments and has them kept, one after the other. Holds one segment in memory at a time. */
final class SegmentCutter {

    private final LogShipping shipping;
    private final Optional<String> mainKey;
    private final int segmentBytes;

    /** @param segmentBytes bytes of pages in a segment, at most, but one page at least */
    SegmentCutter(LogShipping shipping, Optional<String> mainKey, int segmentBytes) {
        this.shipping = shipping;
        this.mainKey = mainKey;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Ships frames that are committed.
     *
     * @param last the last of them
     * @param kept told of each segment once it is durable; what it was told of stays kept if this fails later
     * @throws dev.cairn.backup.sqlite.wal.BrokenLogException if the chain of checksums breaks
     * @throws dev.cairn.backup.BackupException if a segment cannot be kept
     */
    void ship(WalFile wal, WalHeader header, WalPlace after, int last, Kept kept) throws IOException {
        Instant seen = shipping.clock().instant();
        WalFrames frames = wal.frames(header, after, last);
        int most = Math.max(1, segmentBytes / header.pageSize());
        int left = last - after.frame();
        while (left > 0) {
            Piece piece = cut(frames, header.pageSize(), Math.min(left, most), seen);
            LogPosition position = shipping.keep(piece.segment);
            kept.kept(piece.segment, piece.ends, frames.place(), position);
            left -= piece.segment.pages().length;
        }
    }

    /** Keeps a segment without pages that tells that shipping ends here in order. */
    void end(int pageSize, Optional<WalPlace> place) {
        String resume = new ResumeToken(place, true, mainKey).text();
        shipping.keep(new LogSegment(pageSize, List.of(), new int[0], new byte[0], resume));
    }

    private Piece cut(WalFrames frames, int pageSize, int count, Instant seen) throws IOException {
        int[] pages = new int[count];
        byte[] content = new byte[count * pageSize];
        List<LogSegment.Commit> commits = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.next();
            pages[i] = frames.page();
            frames.copyPage(content, i * pageSize);
            if (frames.commitSize() > 0) {
                commits.add(new LogSegment.Commit(i + 1, frames.commitSize(), seen));
                ends.add(frames.place().frame());
            }
        }
        String resume = new ResumeToken(Optional.of(frames.place()), false, mainKey).text();
        return new Piece(new LogSegment(pageSize, commits, pages, content, resume), ends);
    }

    private record Piece(LogSegment segment, List<Integer> ends) {}

    /** Takes note of what is kept. */
    @FunctionalInterface
    interface Kept {

        /**
         * @param segment what was kept
         * @param ends the frames that its commits end with
         * @param place behind its last frame
         * @param position behind its last commit
         */
        void kept(LogSegment segment, List<Integer> ends, WalPlace place, LogPosition position);
    }
}
