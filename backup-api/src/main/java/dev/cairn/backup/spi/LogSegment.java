package dev.cairn.backup.spi;

import java.time.Instant;
import java.util.List;

/**
 * A piece of the change log of a dataset that consists of pages: what transactions wrote, page by page, in the order of their commits. A transaction may go over several segments; its
 * pages count only once its commit is there.
 *
 * <p>The arrays belong to the segment and must not be changed.
 *
 * @param pageSize bytes of a page, a power of two from 512 to 65536
 * @param commits the transactions that end in this segment, in order
 * @param pages for each page written, in the order of the log, its number, 1 for the first of the database; a page may occur many times
 * @param content their contents, one after the other
 * @param resume where the source's log stands behind this segment, in the source's own words, at most 256 characters; given back to it by {@link LogShipping#last}
 */
public record LogSegment(int pageSize, List<Commit> commits, int[] pages, byte[] content, String resume) {

    /** @throws IllegalArgumentException if the parts contradict each other */
    public LogSegment {
        commits = List.copyOf(commits);
        if ((long) pages.length * pageSize != content.length || resume.length() > 256) {
            throw new IllegalArgumentException(pages.length + " pages of " + pageSize + " bytes in " + content.length
                    + " bytes, resume of " + resume.length() + " characters");
        }
        int before = 0;
        for (Commit commit : commits) {
            if (commit.pages() < before || commit.pages() > pages.length) {
                throw new IllegalArgumentException(
                        "a commit after " + commit.pages() + " of " + pages.length + " pages");
            }
            before = commit.pages();
        }
    }

    /**
     * The end of a transaction.
     *
     * @param pages how many pages of the segment lie before it
     * @param size how many pages the content has after it; what lies beyond is cut off
     * @param seenAt when it was seen in the log; not earlier than it was committed
     */
    public record Commit(int pages, long size, Instant seenAt) {}
}
