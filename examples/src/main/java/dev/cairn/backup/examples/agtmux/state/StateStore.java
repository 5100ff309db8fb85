package dev.cairn.backup.examples.agtmux.state;

import dev.cairn.backup.cursor.CheckpointPolicy;
import dev.cairn.backup.cursor.CheckpointProgress;
import dev.cairn.backup.examples.agtmux.HostTime;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one lock under which everything in the database changes, and when what has changed becomes durable: at a checkpoint, at the latest after 30 seconds or 500 events. Thread-safe.
 */
final class StateStore implements AutoCloseable {

    private static final CheckpointPolicy CHECKPOINTS = CheckpointPolicy.defaults();

    private final ReentrantLock lock = new ReentrantLock();
    private final StateDatabase database;
    private final HostTime time;
    private CheckpointProgress progress;
    private boolean broken;

    StateStore(StateDatabase database, HostTime time) {
        this.database = database;
        this.time = time;
        this.progress = CheckpointProgress.taken(time.ticker().getAsLong());
    }

    <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            T answer = work.get();
            if (lock.getHoldCount() == 1 && progress.events() == 0) {
                commit(); // What only read must not hold on to an old state of the database.
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /** What was changed by halves must never be stored: from then on nothing is, and the next start begins with the last checkpoint. */
    <T> T whole(Supplier<T> change) {
        try {
            return change.get();
        } catch (RuntimeException e) {
            broken = true;
            throw e;
        }
    }

    /** Events were applied; answers whether a checkpoint is due. */
    boolean applied(long events) {
        progress = progress.committed(events);
        return isDue();
    }

    boolean isDue() {
        return progress.events() > 0
                && CHECKPOINTS.isDue(progress, time.ticker().getAsLong());
    }

    /** How many events were applied since the last checkpoint. */
    long unstored() {
        return progress.events();
    }

    /** All that was changed becomes durable. */
    void checkpoint() {
        commit();
        progress = CheckpointProgress.taken(time.ticker().getAsLong());
    }

    private void commit() {
        if (broken) {
            throw new IllegalStateException("the state is changed by halves; start again from the last checkpoint");
        }
        database.commit();
    }

    /** Closes the database. What was not made durable is lost. */
    @Override
    public void close() {
        lock.lock();
        try {
            database.close();
        } finally {
            lock.unlock();
        }
    }
}
