package dev.cairn.backup.lifecycle;

import dev.cairn.backup.lifecycle.StartupReport.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Brings one stage up: waits for what it depends on, starts it, asks until it is ready, all within its one timeout. */
record StageStarter(
        DependencyGate gate, LongSupplier ticker, Waiter waiter, ActionRunner runner, Duration probeInterval) {

    /**
     * How it went.
     *
     * @param outcome what became of the stage
     * @param toStop whether the stage runs, or may run, and has to be stopped if the start as a whole fails
     */
    record Attempt(Outcome outcome, boolean toStop) {}

    Attempt bringUp(StartupStage stage) {
        Deadline deadline = Deadline.in(stage.timeout(), ticker);
        try {
            if (!until(() -> gate.unreadyBefore(stage.name()).isEmpty(), deadline)) {
                String missing = String.join(", ", gate.unreadyBefore(stage.name()));
                return new Attempt(timedOut(stage, "its dependencies " + missing), false);
            }
        } catch (InterruptedException e) {
            return new Attempt(new Outcome.Interrupted(), false);
        } catch (Throwable e) {
            return new Attempt(new Outcome.StartFailed(e), false);
        }
        return start(stage, deadline);
    }

    private Attempt start(StartupStage stage, Deadline deadline) {
        try {
            if (!runner.run(stage.start(), deadline.left())) {
                return new Attempt(timedOut(stage, "its start action, which was given up"), true);
            }
        } catch (InterruptedException e) {
            return new Attempt(new Outcome.Interrupted(), true);
        } catch (Throwable e) {
            return new Attempt(new Outcome.StartFailed(e), false);
        }
        return new Attempt(readiness(stage, deadline), true);
    }

    private Outcome readiness(StartupStage stage, Deadline deadline) {
        try {
            return until(() -> answer(stage.probe(), deadline), deadline)
                    ? new Outcome.Ready()
                    : timedOut(stage, "its readiness");
        } catch (InterruptedException e) {
            return new Outcome.Interrupted();
        } catch (Throwable e) {
            return new Outcome.ProbeFailed(e);
        }
    }

    /** A probe that is given up has not said yes. */
    private boolean answer(ReadinessProbe probe, Deadline deadline) throws Exception {
        AtomicBoolean ready = new AtomicBoolean();
        return runner.run(() -> ready.set(probe.isReady()), deadline.left()) && ready.get();
    }

    /** Asks at least once. A yes that comes at the very instant of the deadline is in time, a later one is not. */
    private boolean until(ReadinessProbe condition, Deadline deadline) throws Exception {
        while (true) {
            boolean met = condition.isReady();
            if (deadline.hasPassed()) {
                return false;
            }
            if (met) {
                return true;
            }
            Duration left = deadline.left();
            if (left.isZero()) {
                return false;
            }
            waiter.await(left.compareTo(probeInterval) < 0 ? left : probeInterval);
        }
    }

    private static Outcome timedOut(StartupStage stage, String waitingFor) {
        return new Outcome.TimedOut(stage.timeout(), waitingFor);
    }
}
