package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import java.util.List;

/** All that a segment holds besides its pages; see {@link SegmentForm}. */
record SegmentHeader(
        String timeline,
        long number,
        byte[] previous,
        String dataset,
        String lineage,
        int pageSize,
        String resume,
        long before,
        boolean open,
        int pages,
        List<LogSegment.Commit> commits) {

    /** How many transactions lie before its end. */
    long after() {
        return before + commits.size();
    }

    LogPosition end() {
        return new LogPosition(timeline, after());
    }

    Summary summary() {
        return new Summary(number, previous, new LogPosition(timeline, before), end(), open, pages, commits);
    }

    /**
     * Whether a transaction is open behind a segment.
     *
     * @param wasOpen whether one was open before it
     */
    static boolean isOpen(boolean wasOpen, LogSegment segment) {
        int pages = segment.pages().length;
        List<LogSegment.Commit> commits = segment.commits();
        return commits.isEmpty()
                ? wasOpen || pages > 0
                : commits.get(commits.size() - 1).pages() < pages;
    }

    boolean isOf(Timeline timeline) {
        return dataset.equals(timeline.dataset())
                && lineage.equals(timeline.lineage())
                && pageSize == timeline.pageSize();
    }
}
