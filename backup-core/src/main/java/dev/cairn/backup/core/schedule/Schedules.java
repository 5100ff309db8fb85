package dev.cairn.backup.core.schedule;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.ScheduleHealth;
import dev.cairn.backup.SnapshotMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All schedules of a manager: which is due, and running those that are, one after the other. Thread-safe. */
public final class Schedules {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    /** What the engine does for a schedule. */
    public interface Runner {

        /** Takes the schedule's snapshot and applies its retention. */
        SnapshotMetadata run(Schedule schedule);

        /** Told of a failure and how long until the next attempt. */
        void failed(Schedule schedule, BackupException failure, int consecutive, Duration nextAttempt);
    }

    private final Map<Schedule, DueTimes> due = new LinkedHashMap<>();
    private final Map<Schedule, Attempts> attempts = new LinkedHashMap<>();
    private final long openedNanos;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Runner runner;
    private final ReentrantLock oneRunAtATime = new ReentrantLock();

    /**
     * @param lastRun when a schedule last ran, as far as is remembered
     */
    public Schedules(
            List<Schedule> schedules,
            Function<Schedule, Optional<Instant>> lastRun,
            InstantSource clock,
            LongSupplier nanos,
            Runner runner) {
        this.clock = clock;
        this.nanos = nanos;
        this.runner = runner;
        this.openedNanos = nanos.getAsLong();
        for (Schedule schedule : schedules) {
            Instant last = schedule.when() instanceof Recurrence.Calendar
                    ? lastRun.apply(schedule).orElseGet(clock::instant)
                    : clock.instant();
            due.put(schedule, new DueTimes(schedule.when(), last));
            attempts.put(schedule, new Attempts(openedNanos));
        }
    }

    /** Whether there is any. */
    public boolean isEmpty() {
        return due.isEmpty();
    }

    /** How long until the next one is due, negative if it is overdue; empty without schedules. */
    public synchronized Optional<Duration> untilNext() {
        long now = nanos.getAsLong();
        Instant wall = clock.instant();
        return due.values().stream().map(times -> times.untilOrNow(now, wall)).min(Duration::compareTo);
    }

    /** The same for what no failure puts off. */
    private Duration untilDue(DueTimes times, long tick, Instant now) {
        try {
            return times.untilDue(tick, now, openedNanos);
        } catch (RuntimeException e) {
            return Duration.ZERO;
        }
    }

    /** How each stands, in the order in which they were declared. */
    public synchronized List<ScheduleStanding> standings() {
        long tick = nanos.getAsLong();
        Instant now = clock.instant();
        List<ScheduleStanding> standings = new ArrayList<>(due.size());
        due.forEach((schedule, times) -> {
            Duration untilDue = untilDue(times, tick, now);
            Attempts seen = attempts(schedule);
            standings.add(new ScheduleStanding(
                    schedule.name(),
                    now.plus(untilDue),
                    seen.late(untilDue, tick),
                    now.plus(times.untilOrNow(tick, now)),
                    times.failures(),
                    seen.lastFailure(times.failures())));
        });
        return standings;
    }

    /** Told of every completed snapshot: it counts for the fixed-distance schedules whose datasets it covers. */
    public synchronized void covered(Set<String> datasets, Set<String> allDatasets) {
        due.forEach((schedule, times) -> {
            boolean covers =
                    allDatasets.stream().filter(schedule.datasets()::includes).allMatch(datasets::contains);
            if (covers) {
                times.covered(nanos.getAsLong());
            }
        });
    }

    /** Runs those that are due, in the order in which they were declared. Failures are told to the runner, not thrown. */
    public List<SnapshotMetadata> runIfDue() {
        oneRunAtATime.lock();
        try {
            List<SnapshotMetadata> taken = new ArrayList<>();
            for (Schedule schedule : List.copyOf(due.keySet())) {
                if (isDue(schedule)) {
                    run(schedule).ifPresent(taken::add);
                }
            }
            return taken;
        } finally {
            oneRunAtATime.unlock();
        }
    }

    private Optional<SnapshotMetadata> run(Schedule schedule) {
        synchronized (this) {
            attempts(schedule).began(nanos.getAsLong());
        }
        try {
            SnapshotMetadata taken = runner.run(schedule);
            synchronized (this) {
                times(schedule).succeeded(nanos.getAsLong(), clock.instant());
            }
            return Optional.of(taken);
        } catch (BackupBusyException e) {
            LOG.debug("Schedule {} waits: {}", schedule.name(), e.getMessage());
            synchronized (this) {
                times(schedule).postponed(nanos.getAsLong());
            }
        } catch (BackupException e) {
            report(schedule, e);
        } catch (RuntimeException e) {
            LOG.error("Schedule {} met an unexpected error", schedule.name(), e);
            report(schedule, new UnexpectedFailure("Schedule '" + schedule.name() + "'", e));
        } finally {
            synchronized (this) {
                attempts(schedule).ended();
            }
        }
        return Optional.empty();
    }

    private void report(Schedule schedule, BackupException failure) {
        Duration wait;
        int consecutive;
        synchronized (this) {
            wait = times(schedule).failed(nanos.getAsLong());
            consecutive = times(schedule).failures();
            attempts(schedule).failed(new ScheduleHealth.Failure(clock.instant(), failure.getMessage()));
            attempts(schedule).ended(); // Before the runner tells of it, and health is asked.
        }
        runner.failed(schedule, failure, consecutive, wait);
    }

    private boolean isDue(Schedule schedule) {
        try {
            synchronized (this) {
                return times(schedule).isDue(nanos.getAsLong(), clock.instant());
            }
        } catch (RuntimeException e) {
            LOG.error("The calendar of schedule {} met an unexpected error", schedule.name(), e);
            report(schedule, new UnexpectedFailure("Schedule '" + schedule.name() + "'", e));
            return false;
        }
    }

    private DueTimes times(Schedule schedule) {
        DueTimes times = due.get(schedule);
        if (times == null) {
            throw new IllegalStateException("no schedule " + schedule.name());
        }
        return times;
    }

    private Attempts attempts(Schedule schedule) {
        return Objects.requireNonNull(attempts.get(schedule), schedule.name());
    }
}
