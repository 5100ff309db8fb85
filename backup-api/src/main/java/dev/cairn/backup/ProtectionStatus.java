package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the continuous protection of a dataset has come.
 *
 * @param dataset the dataset
 * @param state the sum of it
 * @param kept the last transaction that is durable, in the repository or in the local spool; empty if nothing is
 * @param stored the last transaction that is in the repository
 * @param lag for how long the oldest transaction that is not yet in the repository has been waiting; zero if none waits
 * @param logBytes size of the source's own log, which grows while it cannot be read on; for SQLite the {@code -wal}
 * @param logLimit the size of that log at which protection lets go of it and begins anew, rather than fill the disk
 * @param spoolBytes bytes that wait on the local disk for the repository
 * @param spoolLimit the most that may wait there
 * @param keptTotal transactions kept since the manager opened
 * @param timelinesTotal timelines begun since the manager opened; each but the first is a gap
 * @param lastBase when the last snapshot was taken that restores can start from; empty if there is none on this timeline yet, so that nothing between snapshots can be restored
 * @param problem what is wrong and what to do, in a sentence; empty if nothing is
 */
public record ProtectionStatus(
        String dataset,
        State state,
        Optional<LogPosition> kept,
        Optional<LogPosition> stored,
        Duration lag,
        long logBytes,
        long logLimit,
        long spoolBytes,
        long spoolLimit,
        long keptTotal,
        long timelinesTotal,
        Optional<Instant> lastBase,
        Optional<String> problem) {

    /** The sum of it. */
    public enum State {
        /** Not begun yet, or not again after a restore: the source is being taken up, or the repository or the source cannot be used. */
        WAITING,
        /** The log is kept, but there is no base yet on this timeline. */
        STARTING,
        /** Every transaction is kept within the poll interval. */
        PROTECTED,
        /** Transactions are kept on the local disk only, because the repository does not take them. */
        SPOOLING,
        /** Transactions are not kept: the source cannot be read, or the spool is full. */
        INTERRUPTED,
        /** Let go for a restore. */
        PAUSED,
        /** Closed. */
        CLOSED
    }
}
