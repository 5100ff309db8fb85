package dev.cairn.backup.lifecycle;

import dev.cairn.backup.ShutdownReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the shutdown of a host went.
 *
 * @param phases the phases that the host has, in order
 * @param snapshot what the snapshot's phase reported, if it got to report
 * @param budget the time that there was for all of it
 * @param elapsed the time that it took
 */
public record ShutdownRecord(List<Phase> phases, Optional<ShutdownReport> snapshot, Duration budget, Duration elapsed) {

    /** Copies the list. */
    public ShutdownRecord {
        phases = List.copyOf(phases);
    }

    /** Whether every phase that the host has is done. */
    public boolean isComplete() {
        return phases.stream().allMatch(phase -> phase.outcome() instanceof PhaseOutcome.Done);
    }

    /** What became of a phase; empty if the host has no such phase. */
    public Optional<PhaseOutcome> outcome(ShutdownPhase phase) {
        return phases.stream()
                .filter(one -> one.phase() == phase)
                .map(Phase::outcome)
                .findFirst();
    }

    /**
     * One phase.
     *
     * @param phase which
     * @param outcome what became of it
     * @param allowed the time that it was allowed
     * @param elapsed the time that it took, until it was given up if it was
     */
    public record Phase(ShutdownPhase phase, PhaseOutcome outcome, Duration allowed, Duration elapsed) {}
}
