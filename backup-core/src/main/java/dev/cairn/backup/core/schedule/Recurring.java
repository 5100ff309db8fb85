package dev.cairn.backup.core.schedule;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What recurs beside the schedules of snapshots, such as verifications and drills: which is due, and doing it, one after the other. Unlike a schedule it goes on where the last process stopped: a host that
 * restarts each hour does not begin a daily drill each hour. Thread-safe.
 */
public final class Recurring {

    private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

    /** Something that recurs. */
    public interface Task {

        /** Its name, unique in a manager. */
        String name();

        /** When it is due. */
        Recurrence when();

        /** Does it; false if it could not be done yet, which is no failure: it is tried again after a while. */
        boolean run();

        /** Told of a failure. */
        void failed(BackupException failure);
    }

    private final Map<Task, DueTimes> due = new LinkedHashMap<>();
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ReentrantLock oneRunAtATime = new ReentrantLock();

    /** @param lastRun when a task was last done, as far as is remembered */
    public Recurring(
            List<Task> tasks, Function<String, Optional<Instant>> lastRun, InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        for (Task task : tasks) {
            Instant now = clock.instant();
            Optional<Instant> last = lastRun.apply(task.name());
            DueTimes times = new DueTimes(task.when(), last.orElse(now));
            // One that comes from the future, because the clock was set back, tells nothing.
            last.filter(at -> !at.isAfter(now)).ifPresent(at -> times.ranBefore(ago(at, now), nanos.getAsLong()));
            due.put(task, times);
        }
    }

    /** At most a century, so that no clock makes the nanoseconds overflow. */
    private static Duration ago(Instant last, Instant now) {
        Duration most = Duration.ofDays(36_500);
        Duration ago = Duration.between(last, now);
        return ago.compareTo(most) > 0 ? most : ago;
    }

    /** Whether there is any. */
    public boolean isEmpty() {
        return due.isEmpty();
    }

    /** How long until the next one is due, negative if it is overdue; empty if there is none. */
    public synchronized Optional<Duration> untilNext() {
        long now = nanos.getAsLong();
        Instant wall = clock.instant();
        return due.values().stream().map(times -> times.untilOrNow(now, wall)).min(Duration::compareTo);
    }

    /** Does what is due, in the order in which it was declared. */
    public void runIfDue() {
        oneRunAtATime.lock();
        try {
            due.forEach((task, times) -> {
                if (isDue(task, times)) {
                    run(task, times);
                }
            });
        } finally {
            oneRunAtATime.unlock();
        }
    }

    /** Waits until nothing is being done; answers whether it is so. Whoever calls this has seen to it that nothing begins. */
    public boolean awaitIdle(Duration atMost) {
        try {
            if (oneRunAtATime.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                oneRunAtATime.unlock();
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private boolean isDue(Task task, DueTimes times) {
        try {
            synchronized (this) {
                return times.isDue(nanos.getAsLong(), clock.instant());
            }
        } catch (RuntimeException e) {
            unexpected(task, times, e);
            return false;
        }
    }

    private void run(Task task, DueTimes times) {
        boolean done = false;
        try {
            done = task.run();
        } catch (BackupBusyException e) {
            LOG.debug("{} waits: {}", task.name(), e.getMessage());
            synchronized (this) {
                times.postponed(nanos.getAsLong());
            }
            return;
        } catch (BackupException e) {
            task.failed(e);
        } catch (RuntimeException e) {
            unexpected(task, times, e);
            return;
        }
        synchronized (this) {
            if (done) {
                times.succeeded(nanos.getAsLong(), clock.instant());
            } else {
                times.failed(nanos.getAsLong());
            }
        }
    }

    /** The others go on as ever. */
    private void unexpected(Task task, DueTimes times, RuntimeException e) {
        LOG.error("{} met an unexpected error", task.name(), e);
        synchronized (this) {
            times.failed(nanos.getAsLong());
        }
        task.failed(new UnexpectedFailure(task.name(), e));
    }
}
