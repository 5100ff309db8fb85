package dev.cairn.backup.core;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.retain.RetentionPools;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the snapshots that transactions are applied to, one after the other on a thread of its own. One that fails, or does not tell where the change log stood, is tried again after growing
 * pauses, for without it nothing between snapshots can be restored. Thread-safe.
 */
final class BaseTaking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BaseTaking.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final long CLOSING_MILLIS = 5_000;

    /**
     * Polls between two bases of a dataset that has one, half a minute by default: under a writer that never pauses each is wanted as soon as the last one is taken.
     */
    private static final int POLLS_BETWEEN = 120;

    private static final int SHARE_OF_TIME = 20;

    private final Function<String, SnapshotMetadata> taking;
    private final Function<String, Duration> poll;
    private final Predicate<String> hasBase;
    private final HealthBoard board;
    private final EventDispatcher events;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Want> wanted = new LinkedHashMap<>();
    private final Map<String, Long> next = new HashMap<>();
    private @Nullable Thread thread;
    private boolean closed;

    /**
     * @param due by {@link System#nanoTime}
     * @param failures how often it has failed in a row
     */
    private record Want(String dataset, long due, int failures) {}

    /**
     * @param taking takes a snapshot of that dataset alone; throws if it cannot
     * @param poll how often a dataset's source looks
     * @param hasBase whether there is one on the dataset's present timeline
     */
    BaseTaking(
            Function<String, SnapshotMetadata> taking,
            Function<String, Duration> poll,
            Predicate<String> hasBase,
            HealthBoard board,
            EventDispatcher events,
            InstantSource clock) {
        this.taking = taking;
        this.poll = poll;
        this.hasBase = hasBase;
        this.board = board;
        this.events = events;
        this.clock = clock;
    }

    void start(ThreadFactory threads) {
        Thread made = threads.newThread(this::work);
        thread = made;
        made.start();
    }

    /**
     * Asks for one soon, at once if there is none yet on the present timeline; returns at once. Asked twice before it is begun, one is taken; one that waits after a failure goes on waiting.
     */
    void want(String dataset, String why) {
        LOG.info("A snapshot of dataset '{}' is wanted as a base: {}", dataset, why);
        boolean spaced = hasBase.test(dataset);
        lock.lock();
        try {
            long now = System.nanoTime();
            Want fresh = new Want(dataset, spaced ? Math.max(now, next.getOrDefault(dataset, now)) : now, 0);
            wanted.merge(dataset, fresh, (old, added) -> old.failures() == 0 && added.due() < old.due() ? added : old);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Want want = next(); want != null; want = next()) {
            take(want);
        }
    }

    private void take(Want want) {
        String dataset = want.dataset();
        long begun = System.nanoTime();
        notBefore(dataset, begun + spacing(dataset)); // Also for one that is wanted while this one is being taken.
        try {
            SnapshotMetadata taken = taking.apply(dataset);
            if (taken.dataset(dataset).flatMap(summary -> summary.log()).isEmpty()) {
                failed(
                        want,
                        "snapshot " + taken.id() + " does not tell where the change log of '" + dataset + "' stood");
                return;
            }
            board.solved(key(dataset));
            long ended = System.nanoTime();
            notBefore(dataset, ended + Math.max(spacing(dataset), SHARE_OF_TIME * (ended - begun)));
        } catch (BackupBusyException e) {
            again(want, want.failures(), FIRST_PAUSE.multipliedBy(2)); // A restore, which is nobody's failure.
        } catch (BackupException e) {
            failed(want, e.getMessage());
        } catch (RuntimeException | Error e) { // Also an Error must not end the thread that all later bases need.
            LOG.error("A base of dataset '{}' met an unexpected error", dataset, e);
            failed(want, e.toString());
        }
    }

    private long spacing(String dataset) {
        return poll.apply(dataset).multipliedBy(POLLS_BETWEEN).toNanos();
    }

    private void notBefore(String dataset, long due) {
        lock.lock();
        try {
            next.put(dataset, due);
        } finally {
            lock.unlock();
        }
    }

    private void failed(Want want, String problem) {
        int failures = want.failures() + 1;
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        board.problem(
                key(want.dataset()),
                "nothing between snapshots of dataset '" + want.dataset()
                        + "' can be restored from now on: its base has failed " + failures + " times: " + problem);
        events.publish(new BackupEvent.SnapshotFailed(
                clock.instant(),
                SnapshotTrigger.PERIODIC,
                Optional.of(RetentionPools.CONTINUOUS),
                problem,
                failures,
                Optional.of(pause)));
        again(want, failures, pause);
    }

    private static String key(String dataset) {
        return "base " + dataset;
    }

    private void again(Want want, int failures, Duration pause) {
        lock.lock();
        try {
            wanted.put(want.dataset(), new Want(want.dataset(), System.nanoTime() + pause.toNanos(), failures));
        } finally {
            lock.unlock();
        }
    }

    /** The next one that is due, which is not wanted any more then; null if this is closed. */
    private @Nullable Want next() {
        lock.lock();
        try {
            while (!closed) {
                long wait = Long.MAX_VALUE;
                for (Want want : wanted.values()) {
                    long left = want.due() - System.nanoTime();
                    if (left <= 0) {
                        wanted.remove(want.dataset());
                        return want;
                    }
                    wait = Math.min(wait, left);
                }
                changed.await(wait, TimeUnit.NANOSECONDS);
            }
            return null;
        } catch (InterruptedException e) {
            return null; // Only its maker's thread factory could have interrupted it, to end it.
        } finally {
            lock.unlock();
        }
    }

    /** Begins no further one, and waits a moment for one that is under way and was asked to stop. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Thread working = thread;
        if (working != null && working != Thread.currentThread()) {
            try {
                working.join(CLOSING_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
