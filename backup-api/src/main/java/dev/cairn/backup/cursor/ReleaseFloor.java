package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Up to where sources may be acknowledged. A source is free to compact what was acknowledged, so only that is which no restore will
 * replay: what lies below the committed position of every snapshot within the replay horizon, and is in a durable snapshot at all. A
 * snapshot older than the horizon holds nothing back and can be restored by a full resync only. Immutable.
 *
 * <p>Compute it anew after each snapshot, each prune and each restore, from a complete list of what can be restored; a snapshot that is
 * missing from the list is not protected. Acknowledging too little costs room at the source, too much costs a full resync.
 */
public final class ReleaseFloor {

    private final TimelineEpoch epoch;
    private final List<RetainedCut> retained;
    private final List<RetainedCut> replayable;

    private ReleaseFloor(TimelineEpoch epoch, List<RetainedCut> retained, List<RetainedCut> replayable) {
        this.epoch = epoch;
        this.retained = retained;
        this.replayable = replayable;
    }

    /**
     * @param epoch the current epoch
     * @param retained every durable snapshot that can be restored, pinned ones too
     * @param replayHorizon the greatest age at which a snapshot's events are still kept at the sources, inclusive
     * @param now the wall clock; a snapshot of the future has age zero
     * @throws InvalidValueException if the horizon is negative
     */
    public static ReleaseFloor of(
            TimelineEpoch epoch, Collection<RetainedCut> retained, Duration replayHorizon, Instant now) {
        if (replayHorizon.isNegative()) {
            throw new InvalidValueException("replayHorizon", replayHorizon, "zero or more");
        }
        List<RetainedCut> replayable = new ArrayList<>(retained.size());
        for (RetainedCut one : retained) {
            if (Duration.between(one.takenAt(), now).compareTo(replayHorizon) <= 0) {
                replayable.add(one);
            }
        }
        return new ReleaseFloor(epoch, List.copyOf(retained), List.copyOf(replayable));
    }

    /**
     * The position up to which, exclusively, a source may be acknowledged now. Zero means nothing: also while no snapshot is durable,
     * and while one within the horizon does not know the source yet and would read it from its beginning. Snapshots of other
     * incarnations are left out, for they cannot replay.
     *
     * <p>Ask, store the answer outside every dataset, and only then acknowledge; ask and store inside the lock under which the cursor
     * is rewound. What was stored goes into {@link SourceRange#acknowledged} ever after.
     *
     * @param live the source's cursor, which may have been rewound a moment ago
     * @param stored the source's cursor as it is stored durably in the host's live store, from which a crashed host resumes
     * @throws StaleEpochException if this floor was computed in another epoch than the live cursor's
     */
    public long ackUpTo(LiveCursor live, SourceCursor stored) {
        live.term().epoch().admit(epoch);
        SourceCursor present = live.cursor();
        if (!present.incarnation().equals(stored.incarnation())) {
            return 0;
        }
        long durable = 0;
        long floor = Math.min(present.committed(), stored.committed());
        for (RetainedCut one : retained) {
            SourceCursor cursor = one.cut().cursors().get(live.source());
            if (cursor != null && cursor.incarnation().equals(present.incarnation())) {
                durable = Math.max(durable, cursor.committed());
            }
        }
        for (RetainedCut one : replayable) {
            SourceCursor cursor = one.cut().cursors().get(live.source());
            if (cursor == null) {
                return 0;
            }
            if (cursor.incarnation().equals(present.incarnation())) {
                floor = Math.min(floor, cursor.committed());
            }
        }
        return Math.min(floor, durable);
    }

    /** The snapshots older than the horizon, in the order given: restorable by full resync only. */
    public List<SnapshotId> fullResyncOnly() {
        return retained.stream()
                .filter(one -> !replayable.contains(one))
                .map(RetainedCut::snapshot)
                .toList();
    }
}
