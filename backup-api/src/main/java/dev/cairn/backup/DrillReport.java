package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a drill has shown. Every time in it was measured.
 *
 * @param id its id, {@code drill-<number>}, never given again by this installation
 * @param snapshot what was restored; empty if there was nothing to restore
 * @param startedAt when it began
 * @param steps what was done and asked, in order: {@code backup_exists}; for each dataset {@code restore_<dataset>}, then for each {@code integrity_<dataset>}; the host's checks; with the control
 *     {@code control_<dataset>} for each
 * @param rpoTarget the greatest age of the snapshot that was asked for
 * @param rpoActual the snapshot's age when the drill began; empty without a snapshot
 * @param rtoTarget the longest time that was asked for
 * @param rtoActual how long it took from the beginning to the end of the last check, without the control
 * @param controlled whether a damaged copy was tried
 * @param problems why it failed, one sentence each; empty if it passed
 * @param warnings what the operator should know, such as a configured dataset that the snapshot lacks
 * @param incident where the bundle of a failed drill lies, in words
 */
public record DrillReport(
        String id,
        Optional<SnapshotId> snapshot,
        Instant startedAt,
        List<Step> steps,
        Duration rpoTarget,
        Optional<Duration> rpoActual,
        Duration rtoTarget,
        Duration rtoActual,
        boolean controlled,
        List<String> problems,
        List<String> warnings,
        Optional<String> incident) {

    /** How a step ended. All but {@link #PASSED} fail the drill. */
    public enum Outcome {
        /** What was asked is so. */
        PASSED,
        /** It is not so, could not be told, or was not done in its time. */
        FAILED,
        /** It was never asked, because something before it failed. */
        NOT_EVALUATED
    }

    /**
     * One step.
     *
     * @param name its name
     * @param outcome how it ended
     * @param elapsed how long it took
     * @param timeout how long it might have taken
     * @param detail what was found, in a sentence; may be empty
     */
    public record Step(String name, Outcome outcome, Duration elapsed, Duration timeout, String detail) {

        /** Whether it passed. */
        public boolean passed() {
            return outcome == Outcome.PASSED;
        }
    }

    /** Copies the lists. */
    public DrillReport {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Whether every step passed and both targets were met. */
    public boolean passed() {
        return problems.isEmpty();
    }
}
