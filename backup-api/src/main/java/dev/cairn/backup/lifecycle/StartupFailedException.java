package dev.cairn.backup.lifecycle;

import dev.cairn.backup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * A stage did not become ready. What had been started was asked to stop again, the last started first; what those stops threw is suppressed in this. The
 * cause is what the stage threw, if it threw.
 */
public final class StartupFailedException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String stage;
    private final transient StartupReport report;
    private final transient StopReport stops;

    /**
     * @param failed the stage that failed
     * @param report how far the start came
     * @param stops how what had been started was stopped
     */
    public StartupFailedException(StartupReport.Stage failed, StartupReport report, StopReport stops) {
        super(
                "Stage '" + failed.name() + "' " + failed.outcome().describe(),
                next(stops),
                null,
                cause(failed.outcome()));
        this.stage = failed.name();
        this.report = report;
        this.stops = stops;
        for (StopReport.Stage stop : stops.stages()) {
            if (stop.outcome() instanceof StopReport.Outcome.Failed refused) {
                addSuppressed(refused.failure());
            }
        }
    }

    private static String next(StopReport stops) {
        if (stops.unstopped().isEmpty()) {
            return stops.stages().isEmpty()
                    ? "Nothing had been started before it; mend the cause and start again"
                    : "Stopped again: " + String.join(", ", stops.stopped()) + "; mend the cause and start again";
        }
        return "These did not stop and may still run: " + String.join(", ", stops.unstopped())
                + "; mend the cause and start the process anew";
    }

    private static @Nullable Throwable cause(StartupReport.Outcome outcome) {
        if (outcome instanceof StartupReport.Outcome.StartFailed failed) {
            return failed.failure();
        }
        return outcome instanceof StartupReport.Outcome.ProbeFailed failed ? failed.failure() : null;
    }

    /** The stage that did not become ready. */
    public String stage() {
        return stage;
    }

    /** How far the start came. */
    public StartupReport report() {
        return report;
    }

    /** How what had been started was stopped. */
    public StopReport stops() {
        return stops;
    }
}
