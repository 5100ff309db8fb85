package dev.cairn.backup.core.point;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.core.ship.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where in the log the pages lie that count, ordered by page: 16 bytes of heap for each, so that 1 GiB of changed pages of 4 KiB costs 4 MiB, and 10 while they are sorted. Their contents are
 * read again, a few MiB at a time, by whoever reads the content from its beginning to its end.
 */
final class ChangedPages {

    private final LogReplay log;
    private long uncut;
    private int count;
    private int[] pages = new int[1024];
    private long[] segments = new long[1024];
    private int[] indexes = new int[1024];

    private ChangedPages(LogReplay log) {
        this.log = log;
    }

    static ChangedPages of(LogReplay log) throws IOException {
        ChangedPages changed = new ChangedPages(log);
        changed.uncut = log.run(changed::add, new CancellationToken()).uncut();
        changed.sort();
        return changed;
    }

    private void add(Segment segment, int[] places) {
        if (count + places.length > pages.length) {
            int room = Math.max(count + places.length, pages.length * 2);
            pages = Arrays.copyOf(pages, room);
            segments = Arrays.copyOf(segments, room);
            indexes = Arrays.copyOf(indexes, room);
        }
        for (int place : places) {
            pages[count] = segment.content().pages()[place] - 1;
            segments[count] = segment.summary().number();
            indexes[count] = place;
            count++;
        }
    }

    private void sort() {
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            order[i] = (long) pages[i] << 32 | i;
        }
        Arrays.sort(order);
        int[] sortedPages = new int[count];
        long[] sortedSegments = new long[count];
        int[] sortedIndexes = new int[count];
        for (int i = 0; i < count; i++) {
            int from = (int) order[i];
            sortedPages[i] = pages[from];
            sortedSegments[i] = segments[from];
            sortedIndexes[i] = indexes[from];
        }
        pages = sortedPages;
        segments = sortedSegments;
        indexes = sortedIndexes;
    }

    /** Up to where the base counts, in bytes. */
    long limit(long baseSize, long size) {
        return BaseRest.end(uncut, log.pageSize(), baseSize, size);
    }

    int pageSize() {
        return log.pageSize();
    }

    int count() {
        return count;
    }

    /** The i-th page that was changed, counted from 0 in the content. */
    int page(int i) {
        return pages[i];
    }

    /** The contents of the changed pages from the i-th on, one after the other; each segment is read once. */
    byte[] load(int from, int to) {
        byte[] contents = new byte[(to - from) * pageSize()];
        long lowest = Arrays.stream(segments, from, to).min().orElse(0);
        // By segment, because a quiet database has thousands of small ones.
        long[] bySegment = IntStream.range(from, to)
                .mapToLong(i -> (segments[i] - lowest) << 32 | i)
                .sorted()
                .toArray();
        long[] wanted = Arrays.stream(bySegment)
                .map(each -> lowest + (each >> 32))
                .distinct()
                .toArray();
        int[] taken = {0};
        log.read(wanted, segment -> {
            for (; taken[0] < bySegment.length; taken[0]++) {
                int i = (int) bySegment[taken[0]];
                if (segments[i] != segment.summary().number()) {
                    return;
                }
                System.arraycopy(
                        segment.content().content(),
                        indexes[i] * pageSize(),
                        contents,
                        (i - from) * pageSize(),
                        pageSize());
            }
        });
        return contents;
    }
}
