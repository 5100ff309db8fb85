package dev.cairn.backup.lifecycle;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Runs an action of the host's and decides on which thread, and whether one that takes too long is given up. A sequence that is to survive an action
 * that hangs needs {@link #on(Executor)}.
 */
@FunctionalInterface
public interface ActionRunner {

    /**
     * Runs an action to its end or gives it up.
     *
     * @param action what to run, once
     * @param atMost how long it may take; zero or more
     * @return true if it returned; false if it was given up and may still be running
     * @throws InterruptedException if the calling thread was interrupted; the action may still be running
     * @throws Exception what the action threw
     */
    boolean run(LifecycleAction action, Duration atMost) throws Exception;

    /**
     * On the calling thread, for as long as it takes: the action itself has to keep its time, and one that hangs hangs its caller. For hosts that allow
     * no threads, and for actions that are known to end.
     */
    static ActionRunner onCallerThread() {
        return (action, atMost) -> {
            action.run();
            return true;
        };
    }

    /**
     * On a thread of the host's executor. An action that runs over is interrupted and given up. The executor must have a thread to spare for each action
     * that was given up, or those that follow wait behind it; it must not be closed before the sequence has ended.
     *
     * @param executor where actions run
     */
    static ActionRunner on(Executor executor) {
        return new ExecutorRunner(executor);
    }
}
