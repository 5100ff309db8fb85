package dev.cairn.backup.spi;

import dev.cairn.backup.LogPosition;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Where a {@link ContinuousSource} ships its log to: lent by the engine, which spools, encrypts, chains and stores the segments. For one thread at a time.
 */
public interface LogShipping {

    /** The end of what is kept of the dataset's log, by whichever process; empty if there is nothing that could be continued. */
    Optional<Last> last();

    /**
     * Begins a new timeline, because continuity cannot be proved. Until a snapshot is taken on it nothing of it can be restored, so the engine takes one by itself soon after.
     *
     * @param pageSize bytes of a page
     * @param resume where the source's log stands, in its own words; see {@link LogSegment#resume}
     * @param why in a sentence, for operators
     * @param gap whether transactions may be lost between the last timeline and this one; an alarm is raised then
     * @return position 0 of the new timeline
     * @throws dev.cairn.backup.StoreException if it cannot be made durable; nothing was begun
     */
    LogPosition begin(int pageSize, String resume, String why, boolean gap);

    /**
     * Keeps a segment of the present timeline. Durable, on the local disk or in the repository, when it returns; after a failure it is kept whole or not at all, and may be given again.
     *
     * @return the position behind its last commit
     * @throws dev.cairn.backup.LimitExceededException if the spool is full because the repository does not take it; may be tried again
     * @throws dev.cairn.backup.StoreException if it cannot be kept; may be tried again
     * @throws TimelineLostException if somebody else ships this dataset: a new timeline must be begun
     */
    LogPosition keep(LogSegment segment);

    /** Asks for a snapshot of the dataset soon, as a base, because restoring from the last one takes long. Returns at once. */
    void requestBase(String why);

    /** The wall clock. */
    InstantSource clock();

    /** Makes the source's threads. */
    ThreadFactory threads();

    /**
     * The end of a log.
     *
     * @param position behind its last commit
     * @param pageSize bytes of a page
     * @param resume what the source said with the last segment
     * @param open whether pages of a transaction without its commit were kept after that
     */
    record Last(LogPosition position, int pageSize, String resume, boolean open) {}
}
