package dev.cairn.backup.examples.agtmux.operate;

import dev.cairn.backup.BackupListener;
import dev.cairn.backup.core.lasting.RestartBudgets;
import dev.cairn.backup.examples.agtmux.HostTime;
import dev.cairn.backup.lifecycle.DependencyGate;
import dev.cairn.backup.lifecycle.OperationalAlert;
import dev.cairn.backup.lifecycle.RestartOutcome;
import dev.cairn.backup.lifecycle.StartupFailedException;
import dev.cairn.backup.lifecycle.StartupReport;
import dev.cairn.backup.lifecycle.StartupSequence;
import dev.cairn.backup.lifecycle.StopReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the stages up: starts them in order, again after each failure with longer and longer waits, and not at all for a while when they fail too often. What it remembers of that outlives the process.
 * Thread-safe.
 */
public final class Supervisor {

    /** The name under which failures are counted. */
    public static final String SERVICE = "agtmux";

    private static final Duration TOLD_UP = Duration.ofSeconds(30);

    /** How the stages stand. */
    public enum State {
        /** Nobody wants them up. */
        STOPPED,
        /** They are up. */
        RUNNING,
        /** They are started again after a wait. */
        WAITING,
        /** They failed too often. */
        HELD_DOWN
    }

    private final StartupSequence stages;
    private final RestartBudgets budgets;
    private final BackupListener alerts;
    private final HostTime time;
    private final RandomGenerator random;
    private final Supplier<Optional<Throwable>> failure;
    private State state = State.STOPPED;
    private long nextNanos;
    private List<String> started = List.of();
    private @Nullable String problem;

    /** @param failure what has made a stage that was up stop working, if anything has */
    public Supervisor(
            StartupSequence stages,
            RestartBudgets budgets,
            BackupListener alerts,
            HostTime time,
            RandomGenerator random,
            Supplier<Optional<Throwable>> failure) {
        this.stages = stages;
        this.budgets = budgets;
        this.alerts = alerts;
        this.time = time;
        this.random = random;
        this.failure = failure;
    }

    /** How the stages stand. */
    public synchronized State state() {
        return state;
    }

    /** Which stages are ready. */
    public DependencyGate gate() {
        return stages.gate();
    }

    /** The stages in the order in which they were started; empty while they are not up. */
    public synchronized List<String> started() {
        return started;
    }

    /** Why they are not up; empty if they are. */
    public synchronized Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** How much of a hold-down is left; zero if there is none. */
    public Duration holdDownLeft() {
        return budgets.of(SERVICE).holdDownLeft(time.now());
    }

    /** How long until the next start, if one is waited for. */
    public synchronized Duration untilNextStart() {
        return state == State.WAITING || state == State.HELD_DOWN
                ? Duration.ofNanos(Math.max(0, nextNanos - time.ticker().getAsLong()))
                : Duration.ZERO;
    }

    /** The stages are wanted up. During a hold-down, also one of an earlier process, nothing is started. */
    public synchronized State start() {
        if (state == State.RUNNING) {
            return state;
        }
        Duration left = holdDownLeft();
        if (!left.isZero()) {
            return enter(State.HELD_DOWN, left);
        }
        return bringUp();
    }

    /** The stages are wanted down. */
    public synchronized StopReport stop() {
        state = State.STOPPED;
        started = List.of();
        return stages.stop();
    }

    /** Looks after the stages; to be called now and then. */
    public synchronized State look() {
        long now = time.ticker().getAsLong();
        if (state == State.RUNNING) {
            Optional<Throwable> stopped = failure.get();
            if (stopped.isPresent()) {
                stages.stop();
                return failed(String.valueOf(stopped.get()));
            }
            if (now - nextNanos >= 0) {
                budgets.succeeded(SERVICE, time.now());
                nextNanos = now + TOLD_UP.toNanos();
            }
        } else if (state != State.STOPPED && now - nextNanos >= 0) {
            return bringUp();
        }
        return state;
    }

    private State bringUp() {
        try {
            StartupReport report = stages.start();
            started = report.stages().stream().map(StartupReport.Stage::name).toList();
            budgets.succeeded(SERVICE, time.now());
            problem = null;
            return enter(State.RUNNING, TOLD_UP);
        } catch (StartupFailedException e) {
            return failed(e.getMessage());
        }
    }

    private State failed(String what) {
        problem = what;
        started = List.of();
        RestartOutcome outcome = budgets.failed(SERVICE, time.now(), random);
        if (outcome instanceof RestartOutcome.RestartAfter again) {
            return enter(State.WAITING, again.delay());
        }
        alerts.onEvent(OperationalAlert.holdDown(time.now(), SERVICE, budgets.of(SERVICE)));
        return enter(State.HELD_DOWN, ((RestartOutcome.HoldDown) outcome).timeLeft());
    }

    private State enter(State next, Duration delay) {
        nextNanos = time.ticker().getAsLong() + delay.toNanos();
        state = next;
        return next;
    }
}
