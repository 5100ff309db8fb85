package dev.cairn.backup.core.drill;

import dev.cairn.backup.DrillReport;
import dev.cairn.backup.RestoreTime;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.operate.watch.MeasuredRestores;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What health tells of drills, from memory: the last one, and how long the last restore of each dataset took. Thread-safe. */
final class Rehearsals implements MeasuredRestores {

    private final HealthBoard board;
    private final Map<String, RestoreTime> last = new ConcurrentHashMap<>();

    Rehearsals(HealthBoard board) {
        this.board = board;
    }

    /** That drill is the last. All datasets come back together, so each took as long as all. */
    void know(DrillReport report) {
        RestoreTime took = new RestoreTime(report.startedAt(), report.rtoActual(), report.passed());
        report.steps().stream()
                .map(DrillReport.Step::name)
                .filter(step -> step.startsWith(DrillRun.RESTORE))
                .forEach(step -> last.put(step.substring(DrillRun.RESTORE.length()), took));
        board.standing(
                Drills.HOLDER,
                report.passed()
                        ? Optional.empty()
                        : Optional.of(report.id() + " failed: " + String.join("; ", report.problems())));
    }

    @Override
    public Optional<RestoreTime> last(String dataset) {
        return Optional.ofNullable(last.get(dataset));
    }
}
