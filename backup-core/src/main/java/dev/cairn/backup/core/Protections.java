package dev.cairn.backup.core;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.restore.PausedSources;
import dev.cairn.backup.core.ship.DatasetShipping;
import dev.cairn.backup.core.ship.LogShipper;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.Dataset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The continuous protection of all datasets that want it: brings sources, spool, bases and restores together, from the first opening of both stores to the shutdown. Thread-safe.
 */
final class Protections implements PausedSources {

    private static final Logger LOG = LoggerFactory.getLogger(Protections.class);

    /** What a close without a budget waits for the repository: mostly it needs milliseconds, and what is left is in the spool. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Settings settings;
    private final HealthBoard board;
    private final EventDispatcher events;
    private final BaseTaking bases;
    private final Map<String, ContinuousSource> sources = new LinkedHashMap<>();
    private final Map<String, DatasetShipping> shippings = new ConcurrentHashMap<>();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> notBegun = Optional.empty();
    private volatile @Nullable LogShipper shipper;
    private volatile @Nullable ProtectionWatch watch;
    private volatile boolean closed;

    Protections(Settings settings, HealthBoard board, EventDispatcher events, ContinuousSnapshots taking) {
        this.settings = settings;
        this.board = board;
        this.events = events;
        this.bases = new BaseTaking(taking::take, this::poll, this::hasBase, board, events, settings.clock());
        settings.datasets()
                .forEach(
                        dataset -> dataset.continuousSource().ifPresent(source -> sources.put(dataset.name(), source)));
    }

    /** Whether no dataset wants it. */
    boolean isEmpty() {
        return sources.isEmpty();
    }

    /** Whether shipping has begun, or never will. */
    boolean isBegun() {
        return shipper != null || closed || isEmpty();
    }

    /**
     * Looks after it from now on, on a thread of its own.
     *
     * @param opening opens both stores and begins as an operation of the manager, because a source must not take a dataset up in the middle of a restore
     * @param look publishes what has changed
     */
    void start(Runnable opening, Runnable look) {
        watch = ProtectionWatch.start(this, opening, look, settings.threads());
    }

    /**
     * Begins to ship, once, with a repository that is open; as one operation at a time.
     *
     * @throws dev.cairn.backup.StoreException if a store cannot be read; nothing has begun, and it may be tried again
     */
    Engine begin(Engine opened) {
        ThreadFactory threads = settings.threads();
        if (isBegun() || threads == null) {
            return opened;
        }
        List<SnapshotMetadata> snapshots = opened.catalog().own(); // First: what fails here is begun again as a whole.
        LogShipper made = LogShipper.open(
                settings.repository().segments().orElseThrow(),
                settings.state(),
                opened.lineage().id(),
                settings.clock(),
                threads);
        if (!begin(made, snapshots, threads)) {
            made.close();
        }
        return opened;
    }

    /** Whether this was not closed meanwhile, which must not wait for a store. */
    private synchronized boolean begin(LogShipper made, List<SnapshotMetadata> snapshots, ThreadFactory threads) {
        if (closed) {
            return false;
        }
        shipper = made;
        notBegun = Optional.empty();
        sources.forEach((dataset, source) -> shippings.put(
                dataset,
                made.of(
                        dataset,
                        source,
                        why -> bases.want(dataset, why),
                        new ProtectionListener(dataset, settings.clock(), board, events, bases))));
        snapshots.forEach(this::taken);
        bases.start(threads);
        sources.forEach(this::start);
        return true;
    }

    /** Told why it could not begin; it is tried again. */
    void notBegun(String why) {
        notBegun = Optional.of(why);
    }

    private void start(String dataset, ContinuousSource source) {
        try {
            source.start(shipping(dataset));
        } catch (RuntimeException e) {
            LOG.error("The continuous protection of dataset '{}' could not be started", dataset, e);
            board.problem(
                    ProtectionListener.key(dataset),
                    "continuous protection of dataset '" + dataset + "' did not start: " + e);
        }
    }

    private Duration poll(String dataset) {
        return Objects.requireNonNull(sources.get(dataset), dataset).limits().poll();
    }

    private boolean hasBase(String dataset) {
        DatasetShipping shipping = shippings.get(dataset);
        return shipping != null && shipping.status().lastBase().isPresent();
    }

    private DatasetShipping shipping(String dataset) {
        DatasetShipping shipping = shippings.get(dataset);
        if (shipping == null) {
            throw new IllegalStateException("dataset '" + dataset + "' is not shipped");
        }
        return shipping;
    }

    /** Told of a snapshot: it may be a base. */
    void taken(SnapshotMetadata snapshot) {
        snapshot.datasets().forEach(summary -> {
            DatasetShipping shipping = shippings.get(summary.name());
            if (shipping != null) {
                summary.log().ifPresent(position -> shipping.based(position, snapshot.createdAt()));
            }
        });
    }

    /** How well the host is protected, by snapshots and continuously. */
    BackupHealth health(Optional<Instant> nextDue) {
        List<ProtectionStatus> statuses = statuses();
        return board.health(nextDue, events.dropped(), statuses, problems(statuses));
    }

    /** How far each has come, in the order of the datasets. */
    private List<ProtectionStatus> statuses() {
        List<ProtectionStatus> all = new ArrayList<>();
        sources.forEach((dataset, source) -> {
            DatasetShipping shipping = shippings.get(dataset);
            all.add(shipping == null ? waiting(dataset, source) : shipping.status());
        });
        return all;
    }

    private ProtectionStatus waiting(String dataset, ContinuousSource source) {
        ContinuousSource.Limits limits = source.limits();
        return new ProtectionStatus(
                dataset,
                closed ? ProtectionStatus.State.CLOSED : ProtectionStatus.State.WAITING,
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                0,
                limits.logBytes(),
                0,
                limits.spoolBytes(),
                0,
                0,
                Optional.empty(),
                notBegun);
    }

    /** What operators must know of those, one sentence each. */
    private List<String> problems(List<ProtectionStatus> statuses) {
        List<String> problems = new ArrayList<>();
        for (ProtectionStatus status : statuses) {
            ContinuousSource source = sources.get(status.dataset());
            if (source != null) {
                ProtectionProblem.of(status, source.limits().poll()).ifPresent(problems::add);
            }
        }
        return problems;
    }

    /** Reads the log of a dataset back, which must reach at least as far as it is known to be stored. */
    LogVerification verify(Engine opened, String dataset, CancellationToken cancellation) {
        Optional<LogPosition> stored = Optional.ofNullable(shippings.get(dataset))
                .flatMap(shipping -> shipping.status().stored());
        return opened.logs().verify(dataset, stored, cancellation);
    }

    /** Removes what is not needed of the logs, but for the timelines that are being written. */
    void prune(Engine opened) {
        LogShipper known = shipper;
        opened.logs().prune(() -> known == null ? Set.of() : known.timelines());
    }

    @Override
    public void pause(Collection<Dataset> datasets) {
        for (Dataset dataset : datasets) {
            DatasetShipping shipping = shippings.get(dataset.name());
            ContinuousSource source = sources.get(dataset.name());
            if (shipping != null && source != null && paused.add(dataset.name())) {
                source.pause();
                shipping.paused();
            }
        }
    }

    /** {@inheritDoc} That a source cannot is a problem of its own, not of the restore. */
    @Override
    public void resume(Collection<Dataset> datasets, String why) {
        for (Dataset dataset : datasets) {
            ContinuousSource source = sources.get(dataset.name());
            if (source != null && paused.remove(dataset.name()) && !closed) {
                try {
                    source.resume(why);
                    shipping(dataset.name()).resumed();
                } catch (RuntimeException e) {
                    LOG.error("The continuous protection of dataset '{}' was not resumed", dataset.name(), e);
                    board.problem(
                            ProtectionListener.key(dataset.name()),
                            "continuous protection of dataset '" + dataset.name() + "' was not resumed: " + e);
                }
            }
        }
    }

    /** Ships what is committed, lets go of the datasets, and brings to the repository what the time allows. */
    void close(Duration budget) {
        LogShipper known;
        synchronized (this) {
            closed = true;
            known = shipper;
        }
        ProtectionWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        bases.close();
        if (known == null) {
            return;
        }
        long deadline = System.nanoTime() + (budget.compareTo(GRACE) < 0 ? GRACE : budget).toNanos();
        sources.forEach((dataset, source) -> close(dataset, source, deadline));
        if (!known.drain(left(deadline))) {
            LOG.warn(
                    "Part of the change logs waits on the local disk for the next start{}",
                    known.problem().map(p -> ": " + p).orElse(""));
        }
        known.close();
    }

    private void close(String dataset, ContinuousSource source, long deadline) {
        try {
            if (!paused.contains(dataset)) {
                source.flush(left(deadline));
            }
            source.close();
        } catch (RuntimeException e) {
            LOG.error("The continuous protection of dataset '{}' did not close", dataset, e);
        }
        shipping(dataset).closed();
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
