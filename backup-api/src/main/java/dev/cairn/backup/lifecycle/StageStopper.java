package dev.cairn.backup.lifecycle;

import dev.cairn.backup.lifecycle.StopReport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Takes stages down, the last started first. Each is asked, whatever became of those before it. */
record StageStopper(DependencyGate gate, LongSupplier ticker, ActionRunner runner) {

    /** An interrupt ends the stop in progress and none of the others; the flag is set again when all were asked. */
    StopReport takeDown(List<StartupStage> started) {
        long begin = ticker.getAsLong();
        boolean interrupted = Thread.interrupted();
        List<StopReport.Stage> stops = new ArrayList<>();
        for (int place = started.size() - 1; place >= 0; place--) {
            StartupStage stage = started.get(place);
            long before = ticker.getAsLong();
            gate.markUnready(stage.name());
            Outcome outcome = stop(stage);
            // An action on this thread may have swallowed the exception and kept the flag, or the other way round.
            interrupted |= Thread.interrupted()
                    || outcome instanceof Outcome.Failed failed && failed.failure() instanceof InterruptedException;
            stops.add(new StopReport.Stage(stage.name(), outcome, since(before)));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new StopReport(stops, since(begin));
    }

    private Outcome stop(StartupStage stage) {
        try {
            return runner.run(stage.stop(), stage.timeout())
                    ? new Outcome.Stopped()
                    : new Outcome.GivenUp(stage.timeout());
        } catch (Throwable e) {
            return new Outcome.Failed(e);
        }
    }

    private Duration since(long begin) {
        return Duration.ofNanos(ticker.getAsLong() - begin);
    }
}
