package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AlertPolicy;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupAlert;
import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetHealth;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.ScheduleHealth;
import dev.cairn.backup.core.schedule.ScheduleStanding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures health against schedules and objectives at each look, and tells what has changed since the last. Whoever looks finds it: the thread that watches, the end of an operation, or a host that
 * allows no threads and asks for its health. Reads no repository. Thread-safe.
 */
public final class Oversight implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Oversight.class);

    /** What health says of itself, in its own words. */
    private static final Set<Kind> TOLD_BY_HEALTH =
            EnumSet.of(Kind.SCHEDULE_FAILING, Kind.PROTECTION_INTERRUPTED, Kind.SUSPECTS_WAITING);

    /**
     * What is watched.
     *
     * @param datasets the names of all datasets, in order
     * @param polls how often the source of each that is protected continuously looks
     * @param objectives what was promised
     * @param alerts when to tell
     */
    public record Watched(
            List<String> datasets, Map<String, Duration> polls, Objectives objectives, AlertPolicy alerts) {}

    private final Watched watched;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Supplier<KnownSnapshots> known;
    private final Outbox outbox;
    private final long openedNanos;
    private final AlertBook book;
    private final KeptPoints kept;
    private final StoredSizes sizes = new StoredSizes();
    private final AbsenceWatch watch = new AbsenceWatch();
    private volatile Supplier<List<ScheduleStanding>> schedules = List::of;
    private volatile MeasuredRestores restores = MeasuredRestores.none();
    private boolean closed;

    /**
     * Begins to measure; what is due counts from now.
     *
     * @param known what the snapshots tell, from memory
     * @param listener told of changes, one at a time, in order, without a lock
     */
    public Oversight(
            Watched watched,
            InstantSource clock,
            LongSupplier nanos,
            Supplier<KnownSnapshots> known,
            Consumer<AlertEvent> listener) {
        this.watched = watched;
        this.clock = clock;
        this.nanos = nanos;
        this.known = known;
        this.outbox = new Outbox(listener);
        this.openedNanos = nanos.getAsLong();
        this.book = new AlertBook(watched.alerts());
        this.kept = new KeptPoints(watched.polls());
    }

    /** Has these schedules looked after too. */
    public void schedules(Supplier<List<ScheduleStanding>> standings) {
        this.schedules = standings;
    }

    /** Takes the times of rehearsed restores from there. */
    public void rehearsals(MeasuredRestores measured) {
        this.restores = measured;
    }

    /** Looks by itself from now on if there is anything that may stay away in silence. */
    public void start(@Nullable ThreadFactory threads, Runnable look) {
        if (threads != null
                && !(schedules.get().isEmpty() && watched.objectives().isEmpty())) {
            watch.start(threads, look);
        }
    }

    /** Looks, tells what has changed, and answers that health with all that was found. */
    public BackupHealth look(BackupHealth seen) {
        List<DatasetHealth> datasets;
        List<ScheduleHealth> standings;
        List<BackupAlert> alerts;
        synchronized (this) {
            Instant now = clock.instant();
            long tick = nanos.getAsLong();
            KnownSnapshots snapshots = known.get();
            seen.protection().forEach(status -> kept.look(status, now));
            datasets = datasets(snapshots, now);
            standings = schedules(snapshots);
            if (!closed) {
                Duration watchedFor = Duration.ofNanos(tick - openedNanos);
                outbox.add(
                        book.look(findings(snapshots, datasets, standings, seen.protection(), watchedFor), now, tick));
            }
            alerts = book.standing();
        }
        outbox.deliver();
        return complete(seen, datasets, standings, alerts);
    }

    private List<DatasetHealth> datasets(KnownSnapshots snapshots, Instant now) {
        List<DatasetHealth> all = new ArrayList<>(watched.datasets().size());
        for (String name : watched.datasets()) {
            Optional<Instant> newest = later(snapshots.newest(name), kept.of(name));
            Optional<Instant> verified = snapshots.newestVerified(name);
            all.add(new DatasetHealth(
                    name,
                    newest,
                    verified,
                    newest.map(at -> age(at, now)),
                    verified.map(at -> age(at, now)),
                    restores.last(name),
                    snapshots.bytes(name),
                    watched.objectives().of(name)));
        }
        return all;
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return one.isEmpty() || other.isPresent() && other.get().isAfter(one.get()) ? other : one;
    }

    /** A wall clock may have been set back. */
    private static Duration age(Instant at, Instant now) {
        return at.isAfter(now) ? Duration.ZERO : Duration.between(at, now);
    }

    private List<ScheduleHealth> schedules(KnownSnapshots snapshots) {
        List<ScheduleHealth> all = new ArrayList<>();
        for (ScheduleStanding standing : schedules.get()) {
            all.add(ScheduleRule.health(
                    standing,
                    snapshots.lastOf(standing.schedule()),
                    watched.alerts().overdueAfter()));
        }
        return all;
    }

    private static List<Finding> findings(
            KnownSnapshots snapshots,
            List<DatasetHealth> datasets,
            List<ScheduleHealth> schedules,
            List<ProtectionStatus> protection,
            Duration watchedFor) {
        List<Finding> found = new ArrayList<>(snapshots.findings());
        schedules.forEach(schedule -> ScheduleRule.of(schedule, found));
        protection.forEach(status -> ProtectionRule.of(status, found));
        datasets.forEach(dataset -> ObjectiveRule.of(dataset, watchedFor, found));
        return found;
    }

    private BackupHealth complete(
            BackupHealth seen, List<DatasetHealth> datasets, List<ScheduleHealth> standings, List<BackupAlert> alerts) {
        List<String> problems = new ArrayList<>(seen.problems());
        List<String> warnings = new ArrayList<>(seen.warnings());
        for (BackupAlert alert : alerts) {
            if (!TOLD_BY_HEALTH.contains(alert.kind())) {
                (alert.severity().compareTo(AlertSeverity.DEGRADED) < 0 ? warnings : problems).add(alert.sentence());
            }
        }
        return new BackupHealth(
                problems.isEmpty() ? BackupHealth.Status.HEALTHY : BackupHealth.Status.DEGRADED,
                problems,
                warnings,
                seen.lastSuccess(),
                seen.lastFailure(),
                seen.nextDue(),
                seen.lastShutdown(),
                seen.suspects(),
                seen.protection(),
                seen.statistics(),
                datasets,
                standings,
                alerts,
                sizes.last());
    }

    /**
     * Measures the size of the repository, if it is time. Called at the end of operations that list the repository anyway; what cannot be measured now is measured later.
     *
     * @param stored asks the repository
     */
    public void measure(Supplier<OptionalLong> stored) {
        long begun = nanos.getAsLong();
        if (!sizes.isDue(begun)) {
            return;
        }
        try {
            OptionalLong bytes = stored.get();
            long done = nanos.getAsLong();
            if (bytes.isPresent()) {
                sizes.measured(bytes.getAsLong(), clock.instant(), done, Duration.ofNanos(done - begun));
            }
        } catch (BackupException e) {
            LOG.debug("The size of the repository could not be measured", e);
        }
    }

    /** Raises nothing any more: a manager that is closed is not late. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        watch.close();
    }
}
