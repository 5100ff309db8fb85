package dev.cairn.backup.core.ship;

import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Segments and their stores for tests. */
final class Logged {

    static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05.678901234Z");

    private Logged() {}

    /** Segments in a browsable repository. */
    static SegmentStore browsable(BlobStore blobs) {
        return opened(BrowsableRepository.at(blobs));
    }

    /** Segments in a packed repository. */
    static SegmentStore packed(BlobStore blobs) {
        return opened(Packed.at(blobs));
    }

    private static SegmentStore opened(SnapshotRepository repository) {
        repository.open();
        return repository.segments().orElseThrow();
    }

    /** Any segment that a source may give, of up to 30 pages and 6 commits. */
    static LogSegment any(SplittableRandom random) {
        int pageSize = 512 << random.nextInt(4);
        int[] pages = new int[random.nextInt(30)];
        byte[] content = new byte[pages.length * pageSize];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = random.nextInt(10) == 0 ? random.nextInt(1, Integer.MAX_VALUE) : random.nextInt(1, 50);
            fill(random, content, i * pageSize, pageSize);
        }
        List<LogSegment.Commit> commits = new ArrayList<>();
        int end = 0;
        for (int i = random.nextInt(6); i > 0; i--) {
            end = random.nextInt(end, pages.length + 1);
            commits.add(new LogSegment.Commit(
                    end,
                    random.nextInt(8) == 0 ? random.nextLong(Long.MAX_VALUE) : random.nextInt(100),
                    BEGIN.plusNanos(random.nextLong(-(1L << 50), 1L << 50))));
        }
        return new LogSegment(pageSize, commits, pages, content, "at " + random.nextInt() + " ä");
    }

    private static void fill(SplittableRandom random, byte[] content, int from, int length) {
        boolean noise = random.nextBoolean();
        for (int i = from; i < from + length; i++) {
            content[i] = (byte) (noise ? random.nextInt() : i % 50);
        }
    }

    /** A segment of whole transactions, each of one page, seen a second apart. */
    static LogSegment transactions(long first, int count) {
        List<LogSegment.Commit> commits = new ArrayList<>();
        int[] pages = new int[count];
        byte[] content = new byte[count * 512];
        for (int i = 0; i < count; i++) {
            pages[i] = (int) ((first + i) % 7 + 1);
            content[i * 512] = (byte) (first + i);
            commits.add(new LogSegment.Commit(i + 1, 7, BEGIN.plusSeconds(first + i)));
        }
        return new LogSegment(512, commits, pages, content, "resume " + (first + count - 1));
    }

    /** Pages of a transaction whose commit comes later. */
    static LogSegment opened(int pages) {
        int[] numbers = new int[pages];
        Arrays.fill(numbers, 3);
        return new LogSegment(512, List.of(), numbers, new byte[pages * 512], "resume open");
    }
}
