package dev.cairn.backup.lifecycle;

import java.time.Duration;
import java.util.List;

/**
 * How a start went.
 *
 * @param stages every stage, in the order of the start
 * @param elapsed how long all of it took, without stopping what had to be stopped
 */
public record StartupReport(List<Stage> stages, Duration elapsed) {

    /** Copies the list. */
    public StartupReport {
        stages = List.copyOf(stages);
    }

    /** Whether every stage is ready. */
    public boolean isReady() {
        return stages.stream().allMatch(stage -> stage.outcome() instanceof Outcome.Ready);
    }

    /**
     * How the start of one stage went.
     *
     * @param name the stage
     * @param outcome what became of it
     * @param elapsed how long it took; zero if it was not reached
     */
    public record Stage(String name, Outcome outcome, Duration elapsed) {}

    /** What became of a stage. */
    public sealed interface Outcome {

        /** The same in words, as the end of a sentence that begins with the stage. */
        String describe();

        /** It was started and became ready in time. */
        record Ready() implements Outcome {
            @Override
            public String describe() {
                return "is ready";
            }
        }

        /** Its start action threw. */
        record StartFailed(Throwable failure) implements Outcome {
            @Override
            public String describe() {
                return "failed to start: " + failure;
            }
        }

        /** It was started, and its probe threw. */
        record ProbeFailed(Throwable failure) implements Outcome {
            @Override
            public String describe() {
                return "started and will not become ready: " + failure;
            }
        }

        /**
         * Its time was over.
         *
         * @param timeout the time it had
         * @param waitingFor what it waited for then
         */
        record TimedOut(Duration timeout, String waitingFor) implements Outcome {
            @Override
            public String describe() {
                return "was not ready within " + timeout + ", it waited for " + waitingFor;
            }
        }

        /** The thread that started it was interrupted. */
        record Interrupted() implements Outcome {
            @Override
            public String describe() {
                return "was interrupted while it started";
            }
        }

        /** A stage before it failed. */
        record NotReached() implements Outcome {
            @Override
            public String describe() {
                return "was not reached";
            }
        }
    }
}
