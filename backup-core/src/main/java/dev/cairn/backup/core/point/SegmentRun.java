package dev.cairn.backup.core.point;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.core.ship.Summary;
import dev.cairn.backup.core.ship.Timeline;
import dev.cairn.backup.spi.LogSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments of a timeline whose numbers follow each other without a hole. A timeline of days has hundreds of thousands, so they are searched by halving and few are read. For one thread.
 */
final class SegmentRun {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentRun.class);

    private final ChangeLogs logs;
    private final Timeline timeline;
    private final long first;
    private final long listed;
    private final boolean ends;
    private final Map<Long, Optional<Summary>> read = new HashMap<>();
    private long last;

    /** @param ends whether a hole ends it rather than the end of the timeline */
    private SegmentRun(ChangeLogs logs, Timeline timeline, long first, long last, boolean ends) {
        this.logs = logs;
        this.timeline = timeline;
        this.first = first;
        this.listed = last;
        this.last = last;
        this.ends = ends;
    }

    /**
     * Where a run lies.
     *
     * @param ends whether a hole ends it rather than the end of the timeline
     */
    record Bounds(long first, long last, boolean ends) {}

    /** A run that was seen before, without looking whether it is still there. */
    static SegmentRun within(ChangeLogs logs, Timeline timeline, Bounds bounds) {
        return new SegmentRun(logs, timeline, bounds.first, bounds.last, bounds.ends);
    }

    Bounds bounds() {
        return new Bounds(first, listed, ends);
    }

    /** Whether the first segment can be read: the oldest are removed first. */
    boolean begins() {
        return look(first).isPresent();
    }

    /** All of a timeline, in order; its head, which has no pages, is left out. */
    static List<SegmentRun> of(ChangeLogs logs, Timeline timeline) {
        List<Long> numbers = logs.numbers(timeline).stream()
                .filter(number -> number > 0)
                .sorted()
                .toList();
        List<SegmentRun> runs = new ArrayList<>();
        for (int from = 0, to = 0; from < numbers.size(); from = to) {
            to = from + 1;
            while (to < numbers.size() && numbers.get(to) == numbers.get(to - 1) + 1) {
                to++;
            }
            runs.add(new SegmentRun(logs, timeline, numbers.get(from), numbers.get(to - 1), to < numbers.size()));
        }
        return runs;
    }

    Timeline timeline() {
        return timeline;
    }

    long last() {
        return last;
    }

    /** What is missing behind it, in words; empty if it reaches the end of what there is. */
    Optional<String> missing() {
        shorten();
        String name = "segment '" + name(timeline, last + 1) + "' ";
        return last < listed
                ? Optional.of(name + "cannot be read")
                : ends ? Optional.of(name + "is missing") : Optional.empty();
    }

    /** What is behind a damaged end cannot be reached either. */
    private void shorten() {
        while (last >= first && look(last).isEmpty()) {
            last--;
        }
    }

    /** How a segment is named in messages: as its blob in the repository. */
    static String name(Timeline timeline, long number) {
        return "segments/" + timeline.id() + "/" + "%019d".formatted(number);
    }

    /** @throws DamagedRepositoryException if it cannot be read */
    Summary summary(long number) {
        return look(number).orElseGet(() -> logs.summary(timeline, number));
    }

    /** Empty if it cannot be read; a search goes around it, because it may not be needed. */
    private Optional<Summary> look(long number) {
        return read.computeIfAbsent(number, n -> {
            try {
                return Optional.of(logs.summary(timeline, n));
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                LOG.debug("A segment is passed over", e);
                return Optional.empty();
            }
        });
    }

    /** The last position that can be reached. */
    LogPosition end() {
        shorten();
        return last < first ? new LogPosition(timeline.id(), 0) : summary(last).after();
    }

    /**
     * Whether the pages of every transaction behind a base up to the end are here. Where segments before this run are gone, nobody can tell whether its first one begins in the middle of a
     * transaction, so the base must hold that transaction already.
     */
    boolean continues(LogPosition base) {
        return base.timeline().equals(timeline.id())
                && base.transaction() <= end().transaction()
                && last >= first
                && (first == 1
                        || look(first)
                                .filter(summary ->
                                        base.transaction() > summary.before().transaction())
                                .isPresent());
    }

    /** The segment in which the transaction ends. */
    long ending(long transaction) {
        return lowest(summary -> summary.after().transaction() >= transaction);
    }

    /** The first segment with pages of transactions behind that one. */
    long following(long transaction) {
        return lowest(summary -> summary.after().transaction() > transaction
                || summary.after().transaction() == transaction && summary.open());
    }

    /** A commit of this run. */
    LogSegment.Commit commit(long transaction) {
        Summary summary = summary(ending(transaction));
        return summary.commits().get((int) (transaction - summary.before().transaction() - 1));
    }

    /**
     * The last transaction seen at or before that time, or the one that is known to have been there by then, if that is later.
     *
     * @throws DamagedRepositoryException if segments that cannot be read may hold a later one
     */
    long seenBy(Instant at, long held) {
        long later = lowest(summary -> firstSeenFrom(summary.number())
                .filter(seen -> !seen.isAfter(at))
                .isEmpty());
        long transaction = -1;
        for (long number = later - 1; number >= first && transaction < 0; number--) {
            Summary summary = summary(number);
            long behind = summary.before().transaction();
            for (LogSegment.Commit commit : summary.commits()) {
                behind++;
                transaction = commit.seenAt().isAfter(at) ? transaction : behind;
            }
        }
        boolean all =
                later == first || transaction == summary(later - 1).after().transaction();
        long known = Math.max(transaction, held);
        if (all && hides(later, known)) {
            throw new DamagedRepositoryException(
                    name(timeline, later),
                    "cannot be read, so nobody can tell which transactions behind " + known + " were there at " + at
                            + "; restorePoint(dataset, position) finds those before it",
                    null);
        }
        return known;
    }

    /** Whether transactions behind that one may lie in segments that cannot be read, from that number on. */
    private boolean hides(long number, long transaction) {
        long next = readable(number, last + 1, 1);
        return next > number && summary(next).before().transaction() > transaction;
    }

    /** When the last transaction was seen; empty if none ends here. */
    Optional<Instant> lastSeen() {
        for (long number = last; number >= first; number--) {
            List<LogSegment.Commit> commits = look(number).map(Summary::commits).orElse(List.of());
            if (!commits.isEmpty()) {
                return Optional.of(commits.get(commits.size() - 1).seenAt());
            }
        }
        return Optional.empty();
    }

    /** Segments in the middle of a large transaction have no commit of their own. */
    private Optional<Instant> firstSeenFrom(long number) {
        for (long n = number; n <= last; n++) {
            List<LogSegment.Commit> commits = look(n).map(Summary::commits).orElse(List.of());
            if (!commits.isEmpty()) {
                return Optional.of(commits.get(0).seenAt());
            }
        }
        return Optional.empty();
    }

    /**
     * The lowest number of which it holds, if it holds of all above it too; one more than the last if of none. Where that lies among segments that cannot be read, the first of them: whoever
     * needs it will be told.
     */
    private long lowest(Predicate<Summary> holds) {
        long low = first;
        long high = last + 1;
        while (low < high) {
            long middle = low + (high - low) / 2;
            long below = readable(middle, low - 1, -1);
            long above = readable(middle, high, 1);
            if (below >= low && holds.test(summary(below))) {
                high = below;
            } else if (above < high && !holds.test(summary(above))) {
                low = above + 1;
            } else if (below == middle) {
                low = middle + 1;
            } else {
                return Math.max(low, below + 1);
            }
        }
        return low;
    }

    /** The nearest one that can be read, in that direction. */
    private long readable(long from, long end, int step) {
        long number = from;
        while (number != end && look(number).isEmpty()) {
            number += step;
        }
        return number;
    }
}
