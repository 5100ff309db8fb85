package dev.cairn.backup.lifecycle;

import java.time.Duration;
import java.util.List;

/**
 * How stages were stopped.
 *
 * @param stages the stages that were asked to stop, in the order in which they were: the last started first
 * @param elapsed how long all of it took
 */
public record StopReport(List<Stage> stages, Duration elapsed) {

    /** Copies the list. */
    public StopReport {
        stages = List.copyOf(stages);
    }

    /** The stages that stopped, in that order. */
    public List<String> stopped() {
        return names(true);
    }

    /** The stages whose stop failed or was given up, and which may still run, in that order. */
    public List<String> unstopped() {
        return names(false);
    }

    private List<String> names(boolean stopped) {
        return stages.stream()
                .filter(stage -> stage.outcome() instanceof Outcome.Stopped == stopped)
                .map(Stage::name)
                .toList();
    }

    /**
     * How one stage was stopped.
     *
     * @param name the stage
     * @param outcome what became of it
     * @param elapsed how long it took
     */
    public record Stage(String name, Outcome outcome, Duration elapsed) {}

    /** What became of a stage. */
    public sealed interface Outcome {
        /** It stopped. */
        record Stopped() implements Outcome {}

        /** Its stop action threw. */
        record Failed(Throwable failure) implements Outcome {}

        /** Its stop action was given up after that time. */
        record GivenUp(Duration after) implements Outcome {}
    }
}
