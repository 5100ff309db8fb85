package dev.cairn.backup.core.point;

import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.core.ship.Timeline;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs of segments of timelines, and where each was last seen to begin and to end: whoever found a point has listed its timeline, and need not list it twice more to plan and to execute its restore. A day
 * of a busy database is 345 600 segments, and each listing of those takes a second and more. Holds a few numbers for each timeline. Thread-safe.
 *
 * <p>Segments never change, so what was seen can be wrong in two ways only: later ones have come, and the first ones were removed. Who needs either lists anew.
 */
final class KnownRuns {

    private final ChangeLogs logs;
    private final Map<String, List<SegmentRun.Bounds>> seen = new ConcurrentHashMap<>();

    /** Nothing is known yet. */
    KnownRuns(ChangeLogs logs) {
        this.logs = logs;
    }

    /** The change logs that the segments are read from. */
    ChangeLogs logs() {
        return logs;
    }

    /** The runs of a timeline as they are listed now, in order. */
    List<SegmentRun> listed(Timeline timeline) {
        List<SegmentRun> runs = SegmentRun.of(logs, timeline);
        seen.put(timeline.id(), runs.stream().map(SegmentRun::bounds).toList());
        return runs;
    }

    /** The runs as they were listed last, those whose first segment is still there; none if the timeline was never listed. */
    List<SegmentRun> remembered(Timeline timeline) {
        return seen.getOrDefault(timeline.id(), List.of()).stream()
                .map(bounds -> SegmentRun.within(logs, timeline, bounds))
                .filter(SegmentRun::begins)
                .toList();
    }
}
