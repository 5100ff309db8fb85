package dev.cairn.backup.core.ship;

import dev.cairn.backup.spi.LogSegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says which segments of a dataset's log may go. Pure but for the looking up of summaries, of which it needs few.
 *
 * <p>What lies at or before the lowest position of a snapshot of its timeline can be applied to nothing and goes; so does all before the last snapshot that is older than the history asked for,
 * because every state of the history is restored from that one or a later one. A timeline goes as a whole when it has no snapshot, or ended before the history; never the newest of a lineage or
 * one that is being written. The head of a timeline stays as long as anything of it does, and so does its last segment: whoever goes on with it must find its end. It stays as long as the
 * timeline before it, too: else nothing but clocks would tell which of those before and behind it is the newer.
 *
 * <p>Of another lineage, whose history nobody here knows, only timelines without any snapshot go.
 */
public final class SegmentRetention {

    /** A snapshot's time is when it was begun; what was committed by then is seen a poll later. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** Where summaries and numbers are looked up. */
    public interface Lookup {

        /** The numbers of the segments that are there, rising. */
        List<Long> numbers(Timeline timeline);

        /** What a segment says of itself. */
        Summary summary(Timeline timeline, long number);
    }

    /**
     * What is known when the rule is asked.
     *
     * @param timelines the dataset's timelines, of every lineage
     * @param lineage one's own
     * @param present timelines that are being written here
     * @param bases the dataset's snapshots that are listed, of every lineage; listed after the timelines
     * @param history for how long before now every state stays restorable
     * @param now the wall clock. Counts only up to the snapshot before the newest, so that a clock that jumps ahead removes nothing, also if one snapshot was taken then
     */
    public record Situation(
            List<Timeline> timelines,
            String lineage,
            Set<String> present,
            Collection<LogBase> bases,
            Duration history,
            Instant now) {}

    /**
     * Segments that may go.
     *
     * @param timeline their timeline
     * @param numbers which, rising; with 0 if the whole timeline goes
     */
    public record Removal(Timeline timeline, List<Long> numbers) {}

    private final Situation situation;
    private final Lookup lookup;

    /** The rule for a situation. */
    public SegmentRetention(Situation situation, Lookup lookup) {
        this.situation = situation;
        this.lookup = lookup;
    }

    /** What may go of a timeline; no numbers if nothing may. */
    public Removal of(Timeline timeline) {
        List<LogBase> bases = situation.bases().stream()
                .filter(base -> base.position().timeline().equals(timeline.id()))
                .sorted(Comparator.comparingLong(base -> base.position().transaction()))
                .toList();
        List<Long> numbers = lookup.numbers(timeline);
        boolean own = timeline.lineage().equals(situation.lineage());
        boolean written = situation.present().contains(timeline.id()) || isNewest(timeline);
        if (!written && (bases.isEmpty() || (own && endedBefore(timeline, numbers, bases)))) {
            return new Removal(timeline, isLink(timeline) ? withoutHead(numbers) : numbers);
        }
        return new Removal(timeline, own ? before(keepFrom(bases), timeline, numbers) : List.of());
    }

    private boolean isLink(Timeline timeline) {
        return situation.timelines().stream()
                .anyMatch(other -> timeline.predecessor().equals(Optional.of(other.id())));
    }

    private static List<Long> withoutHead(List<Long> numbers) {
        return numbers.stream().filter(number -> number > 0).toList();
    }

    private boolean isNewest(Timeline timeline) {
        return ChangeLogs.isNewest(timeline, situation.timelines());
    }

    /** Whether every state of a timeline lies before the history. Of all that tells its end the latest counts: one of the times may come from a clock that was wrong. */
    private boolean endedBefore(Timeline timeline, List<Long> numbers, List<LogBase> bases) {
        Optional<Instant> cut = cut();
        if (cut.isEmpty() || numbers.isEmpty()) {
            return false;
        }
        List<Instant> ends = new ArrayList<>();
        bases.forEach(base -> ends.add(base.takenAt()));
        successor(timeline).ifPresent(next -> ends.add(next.begunAt()));
        lastCommits(timeline, numbers).forEach(commit -> ends.add(commit.seenAt()));
        return ends.stream().allMatch(end -> end.isBefore(cut.get()));
    }

    /** Behind the last commit there may be segments of a transaction that never ended. */
    private List<LogSegment.Commit> lastCommits(Timeline timeline, List<Long> numbers) {
        for (int i = numbers.size() - 1; i >= 0; i--) {
            List<LogSegment.Commit> commits =
                    lookup.summary(timeline, numbers.get(i)).commits();
            if (!commits.isEmpty()) {
                return commits;
            }
        }
        return List.of();
    }

    /** Until it began, the last state of the one before was the present one. */
    private Optional<Timeline> successor(Timeline timeline) {
        return situation.timelines().stream()
                .filter(other -> other.lineage().equals(timeline.lineage()))
                .filter(other -> other.predecessor().equals(Optional.of(timeline.id()))
                        || other.begunAt().isAfter(timeline.begunAt()))
                .min(Comparator.comparing(
                                (Timeline other) -> !other.predecessor().equals(Optional.of(timeline.id())))
                        .thenComparing(Timeline::begunAt));
    }

    /** Where the history begins; empty if there is no snapshot to count it from. */
    private Optional<Instant> cut() {
        Set<String> own = situation.timelines().stream()
                .filter(timeline -> timeline.lineage().equals(situation.lineage()))
                .map(Timeline::id)
                .collect(Collectors.toSet());
        return situation.bases().stream()
                .filter(base -> own.contains(base.position().timeline()))
                .map(LogBase::takenAt)
                .sorted(Comparator.reverseOrder())
                .limit(2) // One alone may have a stamp of the future, from a clock that went wrong.
                .reduce((newest, before) -> before)
                .map(newest -> newest.isBefore(situation.now()) ? newest : situation.now())
                .map(present -> present.minus(situation.history()).minus(MARGIN));
    }

    /**
     * The transaction up to which nothing is needed: that of the last snapshot that is older than the history and will not go before the next one is, with none before it that is not older. One with a stamp
     * before that of its predecessor was taken by a clock that was wrong, and may be as young as the next one.
     */
    private OptionalLong keepFrom(List<LogBase> bases) {
        if (bases.isEmpty()) {
            return OptionalLong.empty();
        }
        Optional<Instant> cut = cut();
        long from = bases.get(0).position().transaction();
        Instant latest = Instant.MIN;
        for (LogBase base : bases) {
            if (cut.filter(base.takenAt()::isBefore).isEmpty()) {
                break;
            }
            boolean inOrder = !base.takenAt().isBefore(latest);
            latest = inOrder ? base.takenAt() : latest;
            from = inOrder && base.lasting() ? base.position().transaction() : from;
        }
        return OptionalLong.of(from);
    }

    private List<Long> before(OptionalLong transaction, Timeline timeline, List<Long> numbers) {
        List<Long> candidates = withoutHead(numbers);
        if (transaction.isEmpty() || candidates.isEmpty()) {
            return List.of();
        }
        int low = 0;
        int high = candidates.size() - 1; // The last one stays.
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (endsBefore(lookup.summary(timeline, candidates.get(middle)), transaction.getAsLong())) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return candidates.subList(0, low);
    }

    /** Whether no page of a later transaction is in it. Nothing lies before the beginning: a segment without commits there is what proves that none is missing. */
    private static boolean endsBefore(Summary segment, long transaction) {
        long end = segment.after().transaction();
        return end < transaction || (end == transaction && end > 0 && !segment.open());
    }
}
