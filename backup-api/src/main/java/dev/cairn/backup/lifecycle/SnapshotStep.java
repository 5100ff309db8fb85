package dev.cairn.backup.lifecycle;

import dev.cairn.backup.ShutdownReport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Takes the snapshot and keeps what it reported, which may come from another thread. */
final class SnapshotStep implements PhaseStep {

    private final Function<Duration, ShutdownReport> action;
    private final AtomicReference<ShutdownReport> report = new AtomicReference<>();

    SnapshotStep(Function<Duration, ShutdownReport> action) {
        this.action = action;
    }

    @Override
    public PhaseOutcome run(Deadline deadline) {
        ShutdownReport answer = action.apply(deadline.left());
        report.set(answer);
        return switch (answer.outcome()) {
            case COMPLETE -> new PhaseOutcome.Done();
            case SKIPPED -> new PhaseOutcome.Skipped(answer.detail());
            case FAILED -> new PhaseOutcome.Failed(answer.detail(), Optional.empty());
        };
    }

    /** What it reported; empty if it was not run, threw, or is still running. */
    Optional<ShutdownReport> report() {
        return Optional.ofNullable(report.get());
    }
}
