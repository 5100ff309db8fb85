package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.core.chunk.ChunkHasher;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.PageChanges;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages that a source says may have changed since the parent, where they are enough to store the content: all others are known from the parent without being read. Thread-safe while the
 * content may be read.
 */
final class ChangedPages {

    private static final Logger LOG = LoggerFactory.getLogger(ChangedPages.class);

    /** So much of the repository may always be read, lest a small content be read whole for the sake of one chunk. */
    private static final long SMALL = 8L << 20;

    private final PageChanges changes;
    private final int[] pages;
    private final PagedLayout layout;
    private final ParentPages known;

    private ChangedPages(PageChanges changes, PagedLayout layout, ParentPages known) {
        this.changes = changes;
        this.pages = changes.pages();
        this.layout = layout;
        this.known = known;
    }

    /**
     * Asks the source. Empty if it does not know, and where reading the whole content is better: because most of it has changed, because the repository lacks a part of the rest, or because so
     * much of the rest must be put together anew that reading it from the repository would cost more.
     */
    static Optional<ChangedPages> of(
            EntryContent content, Optional<LogPosition> parentLog, ParentPages known, PagedLayout layout) {
        if (known.size() == 0 || known.size() % layout.pageSize() != 0) {
            return Optional.empty();
        }
        return parentLog
                .flatMap(content::changesSince)
                .map(changes -> new ChangedPages(changes, layout, known))
                .filter(changed -> changed.areTrue() && changed.areEnough());
    }

    /** Bytes of the whole content. */
    long size() {
        return changes.size();
    }

    /** Whether they are as the contract says, and none is missing of those that the parent does not have. */
    private boolean areTrue() {
        long count = size() / layout.pageSize();
        boolean possible = size() > 0 && size() % layout.pageSize() == 0 && count <= Integer.MAX_VALUE;
        for (int i = 0; possible && i < pages.length; i++) {
            possible = pages[i] >= 0 && pages[i] < count && (i == 0 || pages[i - 1] < pages[i]);
        }
        if (!possible || pages.length - firstFrom(known.count()) < count - known.count()) {
            LOG.warn("A source told of {} changed pages of {} what cannot be: all are read", pages.length, count);
            return false;
        }
        return true;
    }

    /** Reckoned as if all of them differed, as mostly they do. */
    private boolean areEnough() {
        long count = size() / layout.pageSize();
        if (2L * pages.length >= count) {
            return false;
        }
        Set<ChunkId> fetched = new HashSet<>();
        long bytes = 0;
        for (long first = 0; first < count; first += layout.groupPages()) {
            int groupPages = (int) Math.min(layout.groupPages(), count - first);
            boolean[] stored = toStore(first, groupPages);
            boolean anew = PageGroup.isMostly(stored) || known.pieces(first, stored) > layout.mostPieces();
            for (int i = 0, next = firstFrom(first); i < groupPages; i++) {
                if (next < pages.length && pages[next] == first + i) {
                    next++;
                } else if (anew || stored[i]) {
                    ChunkId chunk = known.chunk(first + i);
                    if (chunk == null || known.storedLength(chunk) == 0) {
                        return false;
                    }
                    bytes += fetched.add(chunk) ? known.storedLength(chunk) : 0;
                }
            }
        }
        return bytes <= Math.max(SMALL, size() / 4);
    }

    private boolean[] toStore(long first, int groupPages) {
        boolean[] stored = new boolean[groupPages];
        for (int i = 0; i < groupPages; i++) {
            stored[i] = !known.isKept(first + i);
        }
        for (int next = firstFrom(first); next < pages.length && pages[next] < first + groupPages; next++) {
            stored[(int) (pages[next] - first)] = true;
        }
        return stored;
    }

    /**
     * The group that begins with a page.
     *
     * @throws IOException if one of its changed pages cannot be read
     */
    PageGroup group(long first, ChunkHasher hasher) throws IOException {
        int length = (int) Math.min(layout.groupBytes(), size() - first * layout.pageSize());
        int from = firstFrom(first);
        int to = firstFrom(first + layout.groupPages());
        PageGroup group = PageGroup.begun(known, first, layout.pageSize(), length, (to - from) * layout.pageSize());
        for (int i = from; i < to; i++) {
            group.read(pages[i], changes, hasher);
        }
        group.fill();
        return group;
    }

    /** Index of the first of them that is that page or one behind it. */
    private int firstFrom(long page) {
        int found = Arrays.binarySearch(pages, (int) Math.min(page, Integer.MAX_VALUE));
        return found < 0 ? -found - 1 : found;
    }
}
