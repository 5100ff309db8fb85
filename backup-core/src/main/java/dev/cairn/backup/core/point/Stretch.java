package dev.cairn.backup.core.point;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.ship.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A window with what is needed to find points in it.
 *
 * @param timeline its timeline
 * @param run the segments behind the first base; empty if there are none, so that only the base itself can be restored
 * @param bases those that it can be restored from, by position, at least one
 * @param openEnded whether nothing is known to be missing behind it
 */
record Stretch(Timeline timeline, Optional<SegmentRun> run, List<Base> bases, boolean openEnded) {

    /** A snapshot that tells where the log stood. */
    record Base(SnapshotId snapshot, LogPosition position, Instant takenAt) {}

    Base first() {
        return bases.get(0);
    }

    private LogPosition last() {
        return run.map(SegmentRun::end).orElse(first().position());
    }

    RestoreWindow window() {
        Instant to = run.flatMap(SegmentRun::lastSeen)
                .filter(seen -> seen.isAfter(first().takenAt()))
                .orElse(first().takenAt());
        return new RestoreWindow(
                timeline.dataset(),
                first().snapshot(),
                first().position(),
                first().takenAt(),
                last(),
                to,
                timeline.why(),
                run.flatMap(SegmentRun::missing));
    }

    boolean covers(LogPosition position) {
        return position.reaches(first().position()) && last().reaches(position);
    }

    boolean covers(Instant at) {
        return !at.isBefore(first().takenAt()) && (openEnded || !at.isAfter(window().to()));
    }

    /** The state at a time that it covers. What a base holds was there when it was taken, even if the log was read later. */
    RestorePoint at(Instant time) {
        long held = 0;
        for (Base base : bases) {
            if (base.equals(first()) || !base.takenAt().isAfter(time)) {
                held = Math.max(held, base.position().transaction());
            }
        }
        long transaction = run.isPresent() ? run.get().seenBy(time, held) : held;
        return at(new LogPosition(timeline.id(), transaction));
    }

    /** The state behind a transaction that it covers, on the nearest base before it. */
    RestorePoint at(LogPosition position) {
        Base base = first();
        for (Base candidate : bases) {
            base = position.reaches(candidate.position()) ? candidate : base;
        }
        Instant seenAt = position.equals(base.position())
                ? base.takenAt()
                : run.orElseThrow().commit(position.transaction()).seenAt();
        return new RestorePoint(timeline.dataset(), base.snapshot(), position, seenAt);
    }
}
