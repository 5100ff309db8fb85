package dev.cairn.backup.core.ship;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.TimelineLostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that brings segments from the spool to the repository, in the order in which they were kept. One that was put and is not yet removed from the spool when the process dies is
 * compared when the next one finds it. While the repository does not take them it tries again after growing pauses. Thread-safe.
 */
final class SegmentUploader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentUploader.class);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SegmentStore store;
    private final Spool spool;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Load> loads = new ArrayDeque<>();
    private long added;
    private long ended;
    private long pause = FIRST_PAUSE;
    private boolean hurry;
    private int drainers;
    private boolean closed;
    private volatile @Nullable String problem;

    private record Load(Lane lane, Lane.Waiting segment) {}

    SegmentUploader(SegmentStore store, Spool spool, ThreadFactory threads) {
        this.store = store;
        this.spool = spool;
        this.thread = threads.newThread(this::work);
    }

    void start() {
        thread.start();
    }

    /** Takes a segment that is in the spool. */
    void add(Lane lane, Lane.Waiting segment) {
        lane.add(segment);
        lock.lock();
        try {
            loads.add(new Load(lane, segment));
            added++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Why the repository does not take segments at present; empty if it does. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Waits until all that waits now is in the repository, and tries at once.
     *
     * @return false if the time was over, or the thread was interrupted, whose flag is kept
     */
    boolean drain(Duration atMost) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            long target = added;
            hurry = true;
            drainers++;
            changed.signalAll();
            while (ended < target && !closed) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return ended >= target;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            drainers--;
            lock.unlock();
        }
    }

    /** Begins no further upload; waits a moment for one that is under way. What still waits is uploaded by the next process. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (true) {
            Load load = next();
            if (load == null) {
                return;
            }
            try {
                upload(load.lane(), load.segment());
                succeeded(load);
            } catch (BackupException e) {
                failed(load, e);
            } catch (RuntimeException | Error e) {
                LOG.error("The uploader met an unexpected error and tries again", e);
                failed(load, e);
            }
        }
    }

    /** The oldest segment, which stays in the queue until it is dealt with; null if this is closed. */
    private @Nullable Load next() {
        lock.lock();
        try {
            while (!closed && loads.isEmpty()) {
                changed.awaitUninterruptibly();
            }
            return closed ? null : loads.peek();
        } finally {
            lock.unlock();
        }
    }

    private void succeeded(Load load) {
        boolean recovered = problem != null;
        problem = null;
        lock.lock();
        try {
            loads.poll();
            ended++;
            pause = FIRST_PAUSE;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (recovered) {
            LOG.info("Segments of change logs are stored again");
        }
        load.lane().moved();
    }

    private void failed(Load load, Throwable e) {
        boolean isNew = problem == null;
        problem = String.valueOf(e.getMessage());
        if (isNew) {
            LOG.warn(
                    "Segments of change logs wait on the local disk: {} cannot be stored",
                    load.segment().slot().segment(),
                    e);
        }
        load.lane().moved();
        lock.lock();
        try {
            long left = drainers > 0 ? FIRST_PAUSE : pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
            hurry = false;
            while (left > 0 && !closed && !hurry) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupt) {
            LOG.debug("Only close() ends the uploader's thread", interrupt);
        } finally {
            lock.unlock();
        }
    }

    /** Puts it and removes it from the spool, in this order and one after the other, so that the spool never has a hole. */
    private void upload(Lane lane, Lane.Waiting segment) {
        SpoolSlot slot = segment.slot();
        if (!lane.isLost(slot)) {
            try {
                store(slot);
                lane.stored(segment);
            } catch (TimelineLostException e) {
                lane.lose(slot, e);
            }
        }
        if (!lane.isDamaged(slot)) {
            spool.delete(slot);
        }
        lane.gone(segment);
    }

    /** @throws TimelineLostException if there is another one in the repository, or what waited is damaged */
    private void store(SpoolSlot slot) {
        Optional<byte[]> sealed = spooled(slot);
        if (sealed.isEmpty()) {
            return;
        }
        byte[] body = unsealed(slot, sealed.get());
        PutOutcome outcome = store.put(slot.timeline(), slot.number(), sealed.get());
        if (outcome == PutOutcome.EXISTS && isDamaged(slot)) {
            // Nobody can read what is there, and here is the right one.
            store.delete(slot.timeline(), List.of(slot.number()));
            outcome = store.put(slot.timeline(), slot.number(), sealed.get());
        }
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    slot.segment() + " may not be durable",
                    "Nothing: it is tried again",
                    null);
        }
        if (outcome == PutOutcome.EXISTS && !Arrays.equals(store.read(slot.timeline(), slot.number()), body)) {
            throw new TimelineLostException(slot.segment());
        }
    }

    /** What waits; empty if another process on the same state store has brought it to the repository meanwhile. */
    private Optional<byte[]> spooled(SpoolSlot slot) {
        try {
            return Optional.of(spool.read(slot));
        } catch (BlobNotFoundException e) {
            try {
                store.read(slot.timeline(), slot.number());
                return Optional.empty();
            } catch (BlobNotFoundException | DamagedRepositoryException lost) {
                throw new TimelineLostException(slot.segment(), lost);
            }
        } catch (DamagedRepositoryException e) {
            throw new TimelineLostException(slot.segment(), e);
        }
    }

    private byte[] unsealed(SpoolSlot slot, byte[] sealed) {
        try {
            return store.unseal(slot.timeline(), slot.number(), sealed);
        } catch (DamagedRepositoryException e) {
            throw new TimelineLostException(slot.segment(), e);
        }
    }

    private boolean isDamaged(SpoolSlot slot) {
        try {
            store.read(slot.timeline(), slot.number());
            return false;
        } catch (DamagedRepositoryException e) {
            return true;
        }
    }
}
