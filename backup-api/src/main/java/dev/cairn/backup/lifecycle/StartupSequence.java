package dev.cairn.backup.lifecycle;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Starts the stages of a host in order, each one only when all before it are ready, and stops them in reverse. A start either makes every stage ready or
 * leaves none started: a stage that fails has those before it stopped again.
 *
 * <p>The {@link #gate()} follows: a stage is ready in it from its probe's yes until its stop. The host may tell it that a stage went unready in between;
 * the next stage then waits, within its own timeout, until somebody tells the gate that it is ready again.
 *
 * <p>Thread-safe: one start or stop runs at a time, another waits. Calls block; interrupting the thread that starts makes the start fail like any other
 * failure, with the flag kept. A sequence that was stopped, or failed to start, may be started again.
 */
public final class StartupSequence {

    /** How often a probe is asked unless the host says otherwise. */
    public static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofMillis(100);

    private final List<StartupStage> stages;
    private final LongSupplier ticker;
    private final DependencyGate gate;
    private final StageStarter starter;
    private final StageStopper stopper;
    private final ReentrantLock one = new ReentrantLock();
    private boolean started;

    private StartupSequence(
            List<StartupStage> stages, LongSupplier ticker, Waiter waiter, ActionRunner runner, Duration interval) {
        this.stages = stages;
        this.ticker = ticker;
        this.gate = DependencyGate.of(stages.stream().map(StartupStage::name).toList());
        this.starter = new StageStarter(gate, ticker, waiter, runner, interval);
        this.stopper = new StageStopper(gate, ticker, runner);
    }

    /**
     * A sequence whose probes are asked every {@link #DEFAULT_PROBE_INTERVAL}.
     *
     * @param stages the stages in order, with distinct names
     * @param ticker monotonic nanoseconds, such as {@code System::nanoTime}
     * @param waiter how to wait between two questions
     * @param runner where the actions and probes run, and whether one that hangs is given up
     * @throws InvalidValueException if two stages have one name
     */
    public static StartupSequence of(
            List<StartupStage> stages, LongSupplier ticker, Waiter waiter, ActionRunner runner) {
        return new StartupSequence(List.copyOf(stages), ticker, waiter, runner, DEFAULT_PROBE_INTERVAL);
    }

    /**
     * The same sequence, not started, asking its probes at this distance.
     *
     * @param interval more than zero, at most {@link Deadline#LONGEST}
     * @throws InvalidValueException if the interval is out of bounds
     */
    public StartupSequence probingEvery(Duration interval) {
        Deadline.checked("probe interval", interval);
        return new StartupSequence(stages, ticker, starter.waiter(), starter.runner(), interval);
    }

    /** Which stages are ready. The host may tell it that a stage went unready, and that it is ready again. */
    public DependencyGate gate() {
        return gate;
    }

    /**
     * Starts every stage.
     *
     * @return how it went; every stage in it is ready
     * @throws StartupFailedException if a stage did not become ready; what had been started was stopped again
     * @throws BackupBusyException if the sequence is started already, or an action on the thread that starts calls this; nothing was done
     */
    public StartupReport start() {
        lock();
        try {
            if (started) {
                throw new BackupBusyException("The stages are started already", "Call stop() first");
            }
            StartupReport report = bringUp();
            started = true;
            return report;
        } finally {
            one.unlock();
        }
    }

    private StartupReport bringUp() {
        long begin = ticker.getAsLong();
        List<StartupReport.Stage> reports = new ArrayList<>();
        List<StartupStage> running = new ArrayList<>();
        for (StartupStage stage : stages) {
            long before = ticker.getAsLong();
            StageStarter.Attempt attempt = starter.bringUp(stage);
            reports.add(new StartupReport.Stage(stage.name(), attempt.outcome(), since(before)));
            if (attempt.toStop()) {
                running.add(stage);
            }
            if (!(attempt.outcome() instanceof StartupReport.Outcome.Ready)) {
                throw failed(reports, running, since(begin));
            }
            gate.markReady(stage.name());
        }
        return new StartupReport(reports, since(begin));
    }

    private StartupFailedException failed(
            List<StartupReport.Stage> reports, List<StartupStage> running, Duration elapsed) {
        StartupReport.Stage failed = reports.get(reports.size() - 1);
        for (StartupStage stage : stages.subList(reports.size(), stages.size())) {
            reports.add(new StartupReport.Stage(stage.name(), new StartupReport.Outcome.NotReached(), Duration.ZERO));
        }
        StopReport stops = stopper.takeDown(running);
        if (failed.outcome() instanceof StartupReport.Outcome.Interrupted) {
            Thread.currentThread().interrupt(); // After the stops, whose own waiting it would have ended.
        }
        return new StartupFailedException(failed, new StartupReport(reports, elapsed), stops);
    }

    /**
     * Stops every stage, the last started first. A stop that fails keeps no other from being called. Idempotent: when nothing is started, nothing is
     * called and the report is empty.
     *
     * @throws BackupBusyException if an action on the thread that starts or stops calls this; nothing was done
     */
    public StopReport stop() {
        lock();
        try {
            StopReport report = stopper.takeDown(started ? stages : List.of());
            started = false;
            return report;
        } finally {
            one.unlock();
        }
    }

    private void lock() {
        if (one.isHeldByCurrentThread()) {
            throw new BackupBusyException(
                    "A stage's own action called its startup sequence", "Start and stop from outside the stages");
        }
        one.lock();
    }

    private Duration since(long begin) {
        return Duration.ofNanos(ticker.getAsLong() - begin);
    }
}
