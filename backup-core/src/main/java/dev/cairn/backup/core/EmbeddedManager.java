package dev.cairn.backup.core;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.Operation;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.Receipts;
import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.TrashItem;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.capture.CaptureOrder;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.operate.RecentEvents;
import dev.cairn.backup.core.operate.watch.Oversight;
import dev.cairn.backup.core.restore.PendingRestores;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.core.schedule.ScheduleThread;
import dev.cairn.backup.core.schedule.Schedules;
import dev.cairn.backup.core.verify.SnapshotVerification;
import dev.cairn.backup.core.verify.VerificationMarks;
import dev.cairn.backup.cursor.ReleaseFloor;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.RepositoryMaintenance;
import dev.cairn.backup.spi.SnapshotReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Wires the rooms together and lets one operation run at a time. What each operation does is told in its room. */
final class EmbeddedManager implements SnapshotManager {

    private static final String OPERATOR = "operator";

    private final Settings settings;
    private final HealthBoard board = new HealthBoard();
    private final EventDispatcher events;
    private final Executor workers;
    private final OperationGate gate = new OperationGate();
    private final Schedules schedules;
    private final @Nullable ScheduleThread scheduleThread;
    private final Shutdown shutdown;
    private final Protections protections;
    private final Oversight oversight;
    private final RecentEvents recent = new RecentEvents();
    private final Habits habits;
    private volatile @Nullable Engine engine;
    private final AtomicReference<BackupHealth.Status> published = new AtomicReference<>(BackupHealth.Status.HEALTHY);

    EmbeddedManager(Settings settings) {
        this.settings = settings;
        this.events = new EventDispatcher(settings.listeners(), recent.before(settings.trail()), settings.threads());
        this.workers = workers(settings.threads());
        this.protections = new Protections(settings, board, events, new ContinuousSnapshots(this, board));
        this.oversight = settings.oversight(board::known, events::publish);
        Warnings.of(settings).forEach(board::warn);
        settings.trail().reportTo(told -> board.standing("audit", told), this::publishHealth);
        try {
            openIfReachable();
        } catch (RuntimeException e) {
            events.close();
            throw e;
        }
        this.schedules = new Schedules(
                settings.schedules(),
                this::lastRun,
                settings.clock(),
                settings.nanos(),
                new ScheduledSnapshots(this, settings, board, events));
        oversight.schedules(schedules::standings);
        this.habits = new Habits(this, settings, gate, board, events, recent, this::lastHabit);
        oversight.rehearsals(habits.measured());
        this.scheduleThread = settings.threads() != null && settings.runsSchedules() && !schedules.isEmpty()
                ? new ScheduleThread(schedules, settings.threads())
                : null;
        this.shutdown = new Shutdown(settings, gate, this::shutdownSnapshot, this::lastDuration, this::closed);
    }

    private static Executor workers(@Nullable ThreadFactory threads) {
        return threads == null ? Runnable::run : task -> threads.newThread(task).start();
    }

    /** Begins what runs by itself; apart from the constructor, so that no thread sees a manager that is not complete. */
    EmbeddedManager start() {
        if (scheduleThread != null) {
            scheduleThread.start();
        }
        habits.start();
        protections.start(
                () -> enter("the beginning of continuous protection", protections::begin), this::publishHealth);
        oversight.start(settings.threads(), this::publishHealth);
        shutdown.installHook();
        return this;
    }

    private void openIfReachable() {
        try {
            settings.epochs().known(); // First, because values in memory may be handed back in it.
            if (!settings.hostIsDown()) {
                new PendingRestores(settings.state()).handBack(settings.datasets());
            }
            engine();
        } catch (StoreException e) {
            board.problem("store", e.getMessage()); // The host starts; each operation tries again.
            publishHealth();
        }
    }

    private synchronized Engine engine() {
        Engine opened = engine;
        if (opened == null) {
            opened = Engine.open(settings, board, events, workers, protections);
            engine = opened;
            board.solved("store");
        }
        return opened;
    }

    /** One operation after which the repository is listed again, because nobody knows what it changed. */
    <T> T operate(String operation, Function<Engine, T> work) {
        return enter(operation, opened -> {
            T result = work.apply(opened);
            relist(opened);
            return result;
        });
    }

    <T> T enter(String operation, Function<Engine, T> work) {
        return gate.enter(operation, () -> {
            try {
                T result = work.apply(engine());
                lookAtKeys();
                return result;
            } finally {
                publishHealth();
            }
        });
    }

    /** The operation is done; that the repository cannot be listed now is a problem, but not the operation's. */
    private void relist(Engine opened) {
        noting("listing", "the repository could not be listed", () -> opened.refresh(board));
        oversight.measure(settings.repository()::storedBytes);
    }

    private void lookAtKeys() {
        noting("keys", "the keys could not be looked at", () -> {
            List<String> weak = settings.repository().problems();
            if (weak.isEmpty()) {
                board.solved("repository");
            } else {
                board.problem("repository", String.join("; ", weak));
            }
        });
    }

    private void noting(String key, String failed, Runnable look) {
        try {
            look.run();
            board.solved(key);
        } catch (BackupException e) {
            board.problem(key, failed + ": " + e.getMessage());
        }
    }

    @Override
    public SnapshotReport create(SnapshotRequest request) {
        return enter("a snapshot", opened -> take(opened, CaptureOrder.of(request), request.pinned()));
    }

    SnapshotReport take(Engine opened, CaptureOrder order, boolean pinned) {
        gate.canBeStoppedBy(order.cancellation());
        Optional<Mark> pin =
                pinned ? Optional.of(mark(Mark.Kind.PINNED, OPERATOR, "pinned by its request")) : Optional.empty();
        SnapshotReport report = opened.taking().take(order, pin);
        Set<String> taken =
                report.metadata().datasets().stream().map(d -> d.name()).collect(Collectors.toSet());
        if (!order.schedule().equals(Optional.of(RetentionPools.CONTINUOUS))) { // Whose retention is another.
            schedules.covered(taken, Set.copyOf(settings.datasetNames()));
        }
        protections.taken(report.metadata());
        return report;
    }

    @Override
    public List<SnapshotMetadata> list() {
        return engine().catalog().own();
    }

    @Override
    public List<SnapshotMetadata> listAll() {
        return engine().catalog().all();
    }

    @Override
    public List<InvalidSnapshot> listInvalid() {
        return engine().catalog().invalid().stream()
                .map(invalid -> new InvalidSnapshot(invalid.id(), invalid.reason()))
                .toList();
    }

    @Override
    public SnapshotMetadata get(SnapshotId id) {
        engine();
        try (SnapshotReader reader = settings.repository().read(id)) {
            return reader.manifest().metadata();
        }
    }

    @Override
    public List<RetentionDecision> retention() {
        return engine().pruning().decisions();
    }

    @Override
    public int prune() {
        return operate("a prune", opened -> prune(opened)).size();
    }

    /** The retention that belongs to a schedule, by its name in the audit log. */
    void pruneBy(String schedule, Engine opened) {
        settings.trail().own(Optional.of(schedule), Operation.onRepository(Operation.PRUNE), () -> prune(opened));
    }

    List<RetentionDecision> prune(Engine opened) {
        List<RetentionDecision> removed = opened.pruning().prune();
        if (!removed.isEmpty()) {
            board.pruned(removed.size());
            removed.forEach(decision -> board.removed(decision.snapshot()));
            events.publish(new BackupEvent.SnapshotsPruned(settings.clock().instant(), removed));
        }
        noting(
                "trash",
                "old trash of restores could not be removed",
                () -> opened.trash().prune(settings.trash(), settings.clock().instant()));
        noting("segments", "old change logs could not be removed", () -> protections.prune(opened));
        try {
            opened.pruning().sweepIfDue();
            board.solved("sweep");
        } catch (BackupException e) { // The snapshots are gone all the same; their space is freed by a later sweep.
            board.problem("sweep", "the space of removed snapshots could not be freed: " + e.getMessage());
        }
        return removed;
    }

    @Override
    public void delete(SnapshotId id) {
        operate("a deletion", opened -> {
            opened.pruning().delete(id);
            board.removed(id);
            return id;
        });
    }

    @Override
    public void pin(SnapshotId id, String reason) {
        operate("a pin", opened -> {
            get(id);
            settings.repository().mark(id, mark(Mark.Kind.PINNED, OPERATOR, reason));
            return id;
        });
    }

    @Override
    public void unpin(SnapshotId id) {
        operate("the removal of a pin", opened -> {
            get(id);
            settings.repository().unmark(id, Mark.Kind.PINNED, OPERATOR);
            settings.repository().unmark(id, Mark.Kind.PINNED, "safety");
            return id;
        });
    }

    @Override
    public void acknowledge(SnapshotId id, String operator, String reason) {
        if (operator.isBlank() || reason.isBlank()) {
            throw new InvalidValueException(
                    "operator and reason", operator + ", " + reason, "a name and a reason in words");
        }
        operate("an acknowledgement", opened -> {
            get(id);
            settings.repository().mark(id, mark(Mark.Kind.ACKNOWLEDGED, "cairn", operator + ": " + reason));
            return id;
        });
    }

    @Override
    public VerificationReport verify(SnapshotId id) {
        return operate("a verification", opened -> {
            CancellationToken token = new CancellationToken();
            gate.canBeStoppedBy(token);
            VerificationReport report = SnapshotVerification.of(
                    settings.repository(), id, settings.datasetNames(), settings.clock(), token);
            board.verified(id, report.passed());
            VerificationMarks.put(
                    settings.repository(), report, settings.clock().instant());
            events.publish(new BackupEvent.VerificationFinished(report.verifiedAt(), report));
            opened.evidence().verified(report);
            return report;
        });
    }

    @Override
    public SweepReport sweep(SweepRequest request) {
        return operate("a sweep", opened -> opened.pruning().sweep(request));
    }

    @Override
    public RepositoryReport check(RepositoryCheck check) {
        return operate("a check", opened -> maintenance().check(check));
    }

    @Override
    public RepairReport repair(RepositoryCheck check) {
        return operate("a repair", opened -> maintenance().repair(check));
    }

    private RepositoryMaintenance maintenance() {
        return settings.repository()
                .maintenance()
                .orElseThrow(() -> new ConfigurationException(
                        "The " + settings.repository().describe() + " has nothing to check but its snapshots",
                        "Call verify(id) for each of them"));
    }

    @Override
    public Optional<Instant> lastVerified(SnapshotId id) {
        return engine().catalog().lastVerified(id);
    }

    @Override
    public List<Mark> marks(SnapshotId id) {
        return engine().catalog().marks(id);
    }

    @Override
    public List<RestoreWindow> restoreWindows(String dataset) {
        return engine().logs().points().windows(dataset);
    }

    @Override
    public RestorePoint restorePoint(String dataset, Instant at) {
        return engine().logs().points().at(dataset, at);
    }

    @Override
    public RestorePoint restorePoint(String dataset, LogPosition position) {
        return engine().logs().points().at(dataset, position);
    }

    @Override
    public LogVerification verifyLog(String dataset) {
        return enter("a verification", opened -> protections.verify(opened, dataset, gate.stoppable()));
    }

    @Override
    public ChainVerification verifyChain(long from, long to) {
        return enter("a verification", opened -> opened.evidence().verifyChain(from, to));
    }

    @Override
    public ChainVerification acknowledge(ChainBreak broken, String operator, String reason) {
        return enter("an acknowledgement", opened -> opened.evidence().acknowledge(broken, operator, reason));
    }

    @Override
    public Receipts receipts() {
        return new ManagedReceipts(() -> engine().evidence().proofs());
    }

    @Override
    public RestorePlan plan(RestoreRequest request) {
        Engine opened = engine();
        return opened.planner().plan(request, opened.installation());
    }

    @Override
    public RestoreReport restore(RestorePlan plan) {
        return restoring(opened -> opened.restoring().restore(plan, opened.installation()));
    }

    @Override
    public RestoreReport rollback(PastRestore restore) {
        return restoring(opened -> opened.restoring().rollback(restore));
    }

    @Override
    public Optional<PastRestore> lastRestore() {
        return engine().restoring().last();
    }

    @Override
    public List<TrashItem> trash() {
        return engine().trash().list();
    }

    private RestoreReport restoring(Function<Engine, RestoreReport> work) {
        return gate.enterRestore(() -> {
            try {
                Engine opened = engine();
                RestoreReport report = work.apply(opened);
                opened.evidence().restored(report);
                relist(opened);
                lookAtKeys();
                return report;
            } catch (RestoreFailedException e) {
                if (!e.rolledBack()) {
                    engine = null; // Every further operation meets the pending restore until the host starts anew.
                    board.problem("restore", e.getMessage());
                }
                throw e;
            } finally {
                publishHealth();
            }
        });
    }

    @Override
    public DrillReport drill(DrillRequest request) {
        return habits.drill(request);
    }

    @Override
    public Optional<DrillReport> lastDrill() {
        return habits.lastDrill();
    }

    @Override
    public Optional<Instant> lastRestoreTested(SnapshotId id) {
        engine();
        return habits.lastRestoreTested(id);
    }

    @Override
    public TimelineEpoch epoch() {
        return settings.epochs().known();
    }

    @Override
    public Optional<SnapshotCut> cut(SnapshotId id) {
        return engine().cursors().cut(id);
    }

    @Override
    public ReleaseFloor releaseFloor(Duration replayHorizon) {
        Engine opened = engine();
        return opened.cursors()
                .floor(
                        settings.epochs(),
                        opened.catalog().own(),
                        replayHorizon,
                        settings.clock().instant());
    }

    @Override
    public List<SnapshotMetadata> runIfDue() {
        List<SnapshotMetadata> taken = schedules.runIfDue();
        habits.runIfDue();
        return taken;
    }

    @Override
    public BackupHealth health() {
        Optional<Instant> nextDue =
                schedules.untilNext().map(wait -> settings.clock().instant().plus(wait));
        return oversight.look(protections.health(nextDue));
    }

    @Override
    public ShutdownReport shutdown(Duration budget) {
        return shutdown.run(budget);
    }

    @Override
    public Optional<ShutdownReport> shutdownReport() {
        return shutdown.report();
    }

    @Override
    public void close() {
        shutdown.run(settings.shutdown().snapshotWithin().orElse(Duration.ZERO));
    }

    private SnapshotId shutdownSnapshot(CancellationToken token) {
        return enter(
                        "a snapshot",
                        opened -> take(
                                opened,
                                CaptureOrder.of(SnapshotTrigger.SHUTDOWN, DatasetSelection.all(), token),
                                false))
                .metadata()
                .id();
    }

    private Optional<Duration> lastDuration() {
        return engine().lineage().lastDuration();
    }

    private void closed(ShutdownReport report, Duration left) {
        if (scheduleThread != null) {
            scheduleThread.stop();
        }
        oversight.close();
        habits.close();
        protections.close(left);
        Engine opened = engine;
        try {
            if (opened != null) {
                opened.lineage().shutDown(report);
            }
        } catch (BackupException e) {
            board.problem("shutdown", "the outcome of the shutdown could not be remembered: " + e.getMessage());
        }
        events.publish(new BackupEvent.ShutdownFinished(report.at(), report));
        events.close();
        if (gate.isIdle()) { // What is under way still needs them.
            settings.repository().close();
            settings.state().close();
        }
    }

    private Optional<Instant> lastRun(Schedule schedule) {
        Engine opened = engine;
        if (opened == null) {
            return Optional.empty();
        }
        try {
            Optional<Instant> known = opened.lineage().lastRun(schedule.name());
            if (known.isEmpty()) {
                // Else a host that is never up at that hour would begin anew at each start and never miss, nor catch
                // up, anything.
                opened.lineage().ran(schedule.name(), settings.clock().instant());
            }
            return known;
        } catch (StoreException e) {
            board.problem("store", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Instant> lastHabit(String name) {
        Engine opened = engine;
        return opened == null ? Optional.empty() : opened.lineage().lastRun(name);
    }

    private Mark mark(Mark.Kind kind, String holder, String reason) {
        return new Mark(kind, holder, settings.clock().instant(), reason);
    }

    void publishHealth() {
        BackupHealth now = oversight.look(protections.health(Optional.empty()));
        if (published.getAndSet(now.status()) != now.status()) {
            events.publish(new BackupEvent.HealthChanged(settings.clock().instant(), now));
        }
    }
}
