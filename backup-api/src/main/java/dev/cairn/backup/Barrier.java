package dev.cairn.backup;

/**
 * The host's own lock or quiesce hook. While it runs the action no thread of the host may change any dataset. {@code lock::withLock} or
 * {@code gateway::whileQuiet} will usually do.
 *
 * <p>Cairn calls it on a thread of its own: a host that calls Cairn while it holds the same lock is answered with
 * {@link BarrierException.Reason#TIMEOUT}.
 */
@FunctionalInterface
public interface Barrier {

    /**
     * Runs the action exactly once, to its end, before it returns, while nothing changes.
     *
     * @param action what to do; takes microseconds to a few milliseconds and does not throw
     */
    void hold(Runnable action);

    /** For hosts with one dataset, or whose datasets need not agree with each other. */
    static Barrier none() {
        return Runnable::run;
    }
}
