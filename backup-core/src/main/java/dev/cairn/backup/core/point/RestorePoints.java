package dev.cairn.backup.core.point;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestorePointNotFoundException;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.core.ship.Timeline;
import dev.cairn.backup.spi.SnapshotReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Finds the states between snapshots that can be restored, of all lineages in a repository. Lists it at each call; only what is read at a point that was found is not listed again. Thread-safe. */
public final class RestorePoints {

    private final Optional<ChangeLogs> logs;
    private final Optional<KnownRuns> runs;
    private final Supplier<List<SnapshotMetadata>> snapshots;

    /**
     * @param logs the repository's change logs, if it keeps any
     * @param snapshots all snapshots in it
     */
    public RestorePoints(Optional<ChangeLogs> logs, Supplier<List<SnapshotMetadata>> snapshots) {
        this.logs = logs;
        this.runs = logs.map(KnownRuns::new);
        this.snapshots = snapshots;
    }

    /** The windows of a dataset, oldest first. */
    public List<RestoreWindow> windows(String dataset) {
        return windows(stretches(dataset));
    }

    private static List<RestoreWindow> windows(List<Stretch> stretches) {
        return stretches.stream().map(Stretch::window).toList();
    }

    /** The state at a time. */
    public RestorePoint at(String dataset, Instant at) {
        List<Stretch> all = stretches(dataset);
        return newest(all, stretch -> stretch.covers(at))
                .orElseThrow(() -> new RestorePointNotFoundException(dataset, at, windows(all)))
                .at(at);
    }

    /** The state behind a transaction. */
    public RestorePoint at(String dataset, LogPosition position) {
        List<Stretch> all = stretches(dataset);
        return newest(all, stretch -> stretch.covers(position))
                .orElseThrow(() -> new RestorePointNotFoundException(dataset, position, windows(all)))
                .at(position);
    }

    private static Optional<Stretch> newest(List<Stretch> oldestFirst, Predicate<Stretch> covers) {
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            if (covers.test(oldestFirst.get(i))) {
                return Optional.of(oldestFirst.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * A point as a snapshot with one dataset.
     *
     * @param base the point's base; closed together with what this answers
     * @throws dev.cairn.backup.DamagedSnapshotException if segments that it needs are missing
     */
    public SnapshotReader read(SnapshotReader base, RestorePoint point) {
        KnownRuns known =
                runs.orElseThrow(() -> new RestorePointNotFoundException(point.dataset(), point.position(), List.of()));
        return new PointSnapshot(base, point, PointDataset.open(base, point, known));
    }

    private List<Stretch> stretches(String dataset) {
        if (logs.isEmpty()) {
            return List.of();
        }
        List<Timeline> timelines = logs.get().timelines(dataset);
        List<SnapshotMetadata> listed = timelines.isEmpty() ? List.of() : snapshots.get();
        List<Stretch> found = new ArrayList<>();
        for (Timeline timeline : timelines) {
            boolean present = ChangeLogs.isNewest(timeline, timelines);
            found.addAll(stretches(runs.orElseThrow(), timeline, bases(listed, timeline), present));
        }
        found.sort(Comparator.comparing(stretch -> stretch.first().takenAt()));
        return found;
    }

    private static List<Stretch.Base> bases(List<SnapshotMetadata> listed, Timeline timeline) {
        List<Stretch.Base> bases = new ArrayList<>();
        for (SnapshotMetadata snapshot : listed) {
            snapshot.dataset(timeline.dataset())
                    .flatMap(summary -> summary.log())
                    .filter(position -> position.timeline().equals(timeline.id()))
                    .ifPresent(position -> bases.add(new Stretch.Base(snapshot.id(), position, snapshot.createdAt())));
        }
        bases.sort(Comparator.comparingLong(base -> base.position().transaction()));
        return bases;
    }

    /** Each run of segments with the bases that it continues; bases that none continues stand alone. */
    private static List<Stretch> stretches(
            KnownRuns known, Timeline timeline, List<Stretch.Base> bases, boolean present) {
        if (bases.isEmpty()) {
            return List.of();
        }
        List<Stretch> found = new ArrayList<>();
        List<Stretch.Base> alone = new ArrayList<>(bases);
        List<SegmentRun> runs = known.listed(timeline);
        LogPosition newest = bases.get(bases.size() - 1).position();
        for (SegmentRun run : runs) {
            List<Stretch.Base> continued = alone.stream()
                    .filter(base -> run.continues(base.position()))
                    .toList();
            if (!continued.isEmpty()) {
                alone.removeAll(continued);
                // What a snapshot tells to lie behind its end is not here.
                boolean openEnded =
                        present && run.missing().isEmpty() && run.end().reaches(newest);
                found.add(new Stretch(timeline, Optional.of(run), continued, openEnded));
            }
        }
        samePositions(alone).forEach((position, same) -> {
            // It may be ahead of segments that are still on their way; before the end of what is here, some are lost.
            boolean ahead = position.equals(newest) && (runs.isEmpty() || isAhead(position, runs.get(runs.size() - 1)));
            found.add(new Stretch(timeline, Optional.empty(), same, present && ahead));
        });
        return found;
    }

    /** Nobody can tell how far a run reaches whose last segments cannot be read. */
    private static boolean isAhead(LogPosition position, SegmentRun last) {
        return last.missing().isEmpty() && position.reaches(last.end());
    }

    /** Snapshots between which nothing was committed hold the same state. */
    private static Map<LogPosition, List<Stretch.Base>> samePositions(List<Stretch.Base> bases) {
        Map<LogPosition, List<Stretch.Base>> same = new LinkedHashMap<>();
        bases.forEach(base -> same.computeIfAbsent(base.position(), position -> new ArrayList<>())
                .add(base));
        return same;
    }
}
