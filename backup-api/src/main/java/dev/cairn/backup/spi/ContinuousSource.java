package dev.cairn.backup.spi;

import java.time.Duration;

/**
 * Ships the change log of a dataset while the host runs. Made by the dataset; started, paused and closed by the engine, never by the host. Thread-safe.
 *
 * <p>It never writes to the dataset's content, and nothing that it does or fails at reaches the host's own calls.
 */
public interface ContinuousSource extends AutoCloseable {

    /** What the engine must know to keep the log. */
    Limits limits();

    /**
     * Begins to ship on a thread of its own and returns at once; called once. What cannot be done now is told by {@link #state} and tried again.
     */
    void start(LogShipping shipping);

    /** Ships what is committed by now and lets go of the dataset entirely, so that it can be replaced: no connection, no lock is left. Idempotent. */
    void pause();

    /** Takes the dataset up again after {@link #pause}, on a new timeline. */
    void resume(String why);

    /**
     * Ships now what was committed before this call.
     *
     * @return whether it is kept; false if the time was over or it cannot be shipped at present
     */
    boolean flush(Duration atMost);

    /** How the source itself stands. Cheap, any thread. */
    State state();

    /** As {@link #pause}, for good. Idempotent. */
    @Override
    void close();

    /**
     * What the engine must know to keep the log.
     *
     * @param spoolBytes the most that may wait on the local disk while the repository does not take it
     * @param history for how long transactions stay restorable, at least; longer ones are removed by a prune
     * @param logBytes the size of the source's own log at which it is let go
     * @param poll how often the source looks
     */
    record Limits(long spoolBytes, Duration history, long logBytes, Duration poll) {}

    /**
     * How the source stands.
     *
     * @param running whether the log is being followed
     * @param logBytes size of the source's own log
     * @param problem what keeps it from following, with what to do; empty if nothing does
     */
    record State(boolean running, long logBytes, java.util.Optional<String> problem) {}
}
