package dev.cairn.backup.core.point;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.core.ship.Segment;
import dev.cairn.backup.core.ship.Summary;
import dev.cairn.backup.core.ship.Timeline;
import dev.cairn.backup.spi.LogSegment;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The pages that the transactions behind a base have written, up to a point. Segments are read from the newest to the oldest, so that each page counts at its first sight and none is written
 * twice. A commit cuts off all pages beyond its size: neither an older version of such a page nor the base's counts, also if the content has grown over it again. Thread-safe.
 */
final class LogReplay {

    /** Takes the pages of one segment that count. */
    @FunctionalInterface
    interface Pages {
        /**
         * @param segment not to be held afterwards
         * @param indexes which of its pages, rising
         */
        void accept(Segment segment, int[] indexes) throws IOException;
    }

    /**
     * What a replay found.
     *
     * @param written the numbers, from 0, of all pages that were handed out
     * @param uncut from which page on the base does not count
     */
    record Outcome(BitSet written, long uncut) {}

    private final ChangeLogs logs;
    private final RestorePoint point;
    private final LogPosition base;
    private final Timeline timeline;
    private final @Nullable SegmentRun run;
    private final long first;
    private final long last;
    private final long pages;

    private LogReplay(
            ChangeLogs logs, RestorePoint point, LogPosition base, Timeline timeline, @Nullable SegmentRun run) {
        this.logs = logs;
        this.point = point;
        this.base = base;
        this.timeline = timeline;
        this.run = run;
        this.first = run == null ? 1 : run.following(base.transaction());
        this.last = run == null ? 0 : run.ending(point.position().transaction());
        this.pages = run == null ? 0 : size(run);
        if (pages > Integer.MAX_VALUE) {
            throw new LimitExceededException(
                    "pages of dataset '" + point.dataset() + "'",
                    pages,
                    Integer.MAX_VALUE,
                    "Restore a snapshot instead of a point");
        }
    }

    private long size(SegmentRun found) {
        try {
            return found.commit(point.position().transaction()).size();
        } catch (DamagedRepositoryException | BlobNotFoundException e) {
            throw unreadable(last, e);
        }
    }

    /**
     * Finds the segments.
     *
     * @param base where the log stood in the point's base
     * @throws DamagedSnapshotException if one is missing
     */
    static LogReplay of(KnownRuns runs, RestorePoint point, LogPosition base) {
        ChangeLogs logs = runs.logs();
        if (!point.position().reaches(base)) {
            throw new InvalidValueException(
                    "restore point", point, "one that restorePoint(…) answered; its base stands at " + base);
        }
        Timeline timeline = timeline(logs, point);
        if (point.position().equals(base)) {
            return new LogReplay(logs, point, base, timeline, null);
        }
        for (SegmentRun run : runs.remembered(timeline)) {
            if (run.continues(base) && run.end().reaches(point.position())) {
                return new LogReplay(logs, point, base, timeline, run);
            }
        }
        for (SegmentRun run : runs.listed(timeline)) {
            if (run.continues(base)) {
                if (!run.end().reaches(point.position())) {
                    String missing = SegmentRun.name(timeline, run.last() + 1);
                    throw damaged(point, missing, "is missing or cannot be read", run.end(), null);
                }
                return new LogReplay(logs, point, base, timeline, run);
            }
        }
        throw damaged(point, "segments/" + timeline.id(), "lacks what follows the base", base, null);
    }

    private static Timeline timeline(ChangeLogs logs, RestorePoint point) {
        String id = point.position().timeline();
        try {
            return logs.timeline(id);
        } catch (DamagedRepositoryException | BlobNotFoundException e) {
            throw new DamagedSnapshotException(
                    point.base(),
                    "segments/" + id,
                    "has no head that can be read, so no point on it can be restored",
                    e);
        }
    }

    private static DamagedSnapshotException damaged(
            RestorePoint point, String segment, String problem, LogPosition reached, @Nullable Throwable cause) {
        return new DamagedSnapshotException(
                point.base(),
                segment,
                problem + "; the latest position before it that can be restored is " + reached
                        + ", which restorePoint(\""
                        + point.dataset() + "\", new LogPosition(\"" + reached.timeline() + "\", "
                        + reached.transaction() + ")) answers",
                cause);
    }

    int pageSize() {
        return timeline.pageSize();
    }

    /** Bytes of the content at the point. */
    long size(long baseSize) {
        return run == null ? baseSize : pages * pageSize();
    }

    /**
     * Hands out each page that counts once.
     *
     * @throws DamagedSnapshotException if a segment is damaged or not the one that the next one follows
     * @throws IOException what the taker threw
     */
    Outcome run(Pages taker, CancellationToken cancellation) throws IOException {
        Claim claim = new Claim();
        Summary next = null;
        try (SegmentsAhead ahead = new SegmentsAhead(
                number -> logs.read(timeline, number),
                LongStream.iterate(last, number -> number >= first, number -> number - 1)
                        .iterator())) {
            for (long number = last; number >= first; number--) {
                cancellation.throwIfCancelled("reading the change log of dataset '" + point.dataset() + "'");
                Segment segment = taken(ahead, number);
                requireFollowed(segment, next);
                taker.accept(segment, claim.of(segment));
                next = segment.summary();
            }
        }
        return new Outcome(claim.written, claim.cut);
    }

    /**
     * Reads some of its segments once more, in the order given.
     *
     * @param numbers rising
     */
    void read(long[] numbers, Consumer<Segment> taker) {
        try (SegmentsAhead ahead = new SegmentsAhead(
                number -> logs.read(timeline, number), Arrays.stream(numbers).iterator())) {
            for (long number : numbers) {
                taker.accept(taken(ahead, number));
            }
        }
    }

    private Segment taken(SegmentsAhead ahead, long number) {
        try {
            return ahead.next();
        } catch (DamagedRepositoryException | BlobNotFoundException e) {
            throw unreadable(number, e);
        }
    }

    private DamagedSnapshotException unreadable(long number, BackupException cause) {
        String problem =
                cause instanceof BlobNotFoundException ? "is missing" : "cannot be read: " + cause.getMessage();
        return damaged(point, SegmentRun.name(timeline, number), problem, before(number), cause);
    }

    /** A segment of another history under the right name would be found only here. */
    private void requireFollowed(Segment segment, @Nullable Summary next) {
        if (next != null
                && !(Arrays.equals(next.previous(), segment.digest())
                        && next.before().equals(segment.summary().after()))) {
            long number = segment.summary().number();
            throw damaged(
                    point,
                    SegmentRun.name(timeline, number),
                    "is not the one that segment " + (number + 1) + " follows",
                    before(number),
                    null);
        }
    }

    /** The last position that is certainly before a segment, whatever else is damaged. */
    private LogPosition before(long number) {
        for (long n = number - 1; n >= first; n--) {
            try {
                LogPosition after = logs.summary(timeline, n).after();
                return after.reaches(base) ? after : base;
            } catch (BackupException e) {
                continue; // Damaged too.
            }
        }
        return base;
    }

    /** Which pages count, from the newest segment to the oldest. */
    private final class Claim {

        private final BitSet written = new BitSet();
        private long cut = Long.MAX_VALUE;

        int[] of(Segment segment) {
            List<LogSegment.Commit> commits = segment.content().commits();
            long behind = segment.summary().before().transaction();
            boolean newest = segment.summary().number() == last;
            int commit = newest ? (int) (point.position().transaction() - behind - 1) : commits.size() - 1;
            int start = base.transaction() > behind
                    ? commits.get((int) (base.transaction() - behind - 1)).pages()
                    : 0;
            int index = newest ? commits.get(commit).pages() : segment.content().pages().length;
            int[] counting = new int[index];
            int free = index;
            while (true) {
                int from = Math.max(start, commit < 0 ? 0 : commits.get(commit).pages());
                while (--index >= from) {
                    if (counts(segment.content().pages()[index])) {
                        counting[--free] = index;
                    }
                }
                index = from;
                if (commit < 0 || behind + commit + 1 <= base.transaction()) {
                    return Arrays.copyOfRange(counting, free, counting.length);
                }
                cut = Math.min(cut, commits.get(commit).size());
                commit--;
            }
        }

        private boolean counts(int number) {
            long page = Integer.toUnsignedLong(number) - 1;
            if (page < 0 || page >= cut || written.get((int) page)) {
                return false;
            }
            written.set((int) page);
            return true;
        }
    }
}
