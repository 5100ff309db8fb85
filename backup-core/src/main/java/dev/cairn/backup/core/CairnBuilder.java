package dev.cairn.backup.core;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AlertPolicy;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Objective;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.RestoreCallback;
import dev.cairn.backup.RestoreCheck;
import dev.cairn.backup.RestoreHooks;
import dev.cairn.backup.Retention;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.TrashRetention;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.audit.AuditedManager;
import dev.cairn.backup.core.cursor.CursorDataset;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.operate.watch.Objectives;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoreHome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Configures a manager. Needed are a repository, a state store and at least one dataset; everything else has a default. Not thread-safe; used once.
 */
public final class CairnBuilder {

    private static final Duration DEFAULT_BARRIER_TIMEOUT = Duration.ofSeconds(10);

    private @Nullable SnapshotRepository repository;
    private @Nullable BlobStore state;
    private @Nullable ScratchSpace scratch;
    private final List<Dataset> datasets = new ArrayList<>();
    private @Nullable Supplier<SnapshotCut> cut;
    private @Nullable Consumer<SnapshotCut> resume;
    private Barrier barrier = Barrier.none();
    private Duration barrierTimeout = DEFAULT_BARRIER_TIMEOUT;
    private @Nullable LongSupplier version;
    private SnapshotNaming naming = SnapshotNaming.sequential();
    private RestoreHooks hooks = RestoreHooks.none();
    private final List<RestoreCallback> callbacks = new ArrayList<>();
    private final List<RestoreCheck> checks = new ArrayList<>();
    private final List<Schedule> schedules = new ArrayList<>();
    private @Nullable Retention shared;
    private final Map<String, Retention> labels = new LinkedHashMap<>();
    private @Nullable Retention manual;
    private @Nullable Retention afterShutdown;
    private Retention safety = Retention.keepLast(3);
    private TrashRetention trash = TrashRetention.defaults();
    private Duration maxAge = SnapshotPolicy.defaults().maxAge();
    private ShutdownPolicy shutdown = ShutdownPolicy.none();
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanos = System::nanoTime;
    private final List<BackupListener> listeners = new ArrayList<>();
    private @Nullable ThreadFactory threads = daemons();
    private boolean runsSchedules = true;
    private @Nullable AuditLog audit;
    private Actor auditActor = Actor.of("host");
    private boolean requiresAudit;
    private Objectives objectives = Objectives.none();
    private AlertPolicy alerts = AlertPolicy.defaults();
    private Attestation attestation = Attestation.none();
    private Trust trust = Trust.NONE;

    CairnBuilder() {}

    /** Repository, key, state store and scratch room in one place; the repository is a packed one. */
    public CairnBuilder home(StoreHome home) {
        return repository(PackedRepository.at(home)).state(home.state()).scratch(home.scratch());
    }

    /** Where snapshots live. The manager closes it. */
    public CairnBuilder repository(SnapshotRepository value) {
        this.repository = value;
        return this;
    }

    /** Where the engine keeps what it must remember; never inside a dataset, best on another disk than the repository. The manager closes it. */
    public CairnBuilder state(BlobStore value) {
        this.state = value;
        return this;
    }

    /** Local room for temporary copies; by default the state store's own. */
    public CairnBuilder scratch(ScratchSpace value) {
        this.scratch = value;
        return this;
    }

    /** One more source of state. */
    public CairnBuilder dataset(Dataset value) {
        this.datasets.add(value);
        return this;
    }

    /** More sources of state. */
    public CairnBuilder datasets(Collection<? extends Dataset> values) {
        this.datasets.addAll(values);
        return this;
    }

    /**
     * The host's cursors, taken back by a restore together with the data. Stored in each snapshot of all datasets as the dataset {@code cursors}.
     *
     * @param cut where in its sources' events the host's state stands; called once inside the barrier, takes microseconds; plans and restores ask outside of it. Its epoch is that of
     *     {@link SnapshotManager#epoch}
     * @param resume takes the cut that the host goes on with, in a new epoch: after a restore that of the snapshot, after one that was undone its own. Called before anything on disk is swapped,
     *     so the host must not read events before its hook tells that all is in place; where a restore is undone, after all on disk is back; after a crash in a restore, while the manager
     *     opens, and again if that is interrupted. What it throws fails the restore, the undoing or the opening
     */
    public CairnBuilder cursors(Supplier<SnapshotCut> cut, Consumer<SnapshotCut> resume) {
        this.cut = cut;
        this.resume = resume;
        return this;
    }

    /** The host's own lock, held while all datasets freeze. By default none: right only if the datasets need not agree with each other. */
    public CairnBuilder barrier(Barrier value) {
        this.barrier = value;
        return this;
    }

    /** How long to wait for the barrier; 10 seconds by default. */
    public CairnBuilder barrierTimeout(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidValueException("barrierTimeout", value, "more than zero");
        }
        this.barrierTimeout = value;
        return this;
    }

    /** The host's version, asked inside the barrier and before restores. Without it the highest that this installation ever reached counts; if there is none, the version test is skipped. Plans say so. */
    public CairnBuilder projectionVersion(LongSupplier value) {
        this.version = value;
        return this;
    }

    /** How ids are made; {@code snap-1}, {@code snap-2} … by default. */
    public CairnBuilder naming(SnapshotNaming value) {
        this.naming = value;
        return this;
    }

    /** How the host lets go of its data before a swap and takes it up again after it; see {@link RestoreHooks}. */
    public CairnBuilder restoreHooks(Runnable before, Runnable after) {
        this.hooks = new RestoreHooks(before, after);
        return this;
    }

    /** Told that new data is live; repeatable, called in order. */
    public CairnBuilder onRestored(RestoreCallback value) {
        this.callbacks.add(value);
        return this;
    }

    /** A question to the host after a restore, which is rolled back if the answer is no; repeatable. */
    public CairnBuilder restoreCheck(String name, RestoreCheck.Test test) {
        this.checks.add(new RestoreCheck(name, test));
        return this;
    }

    /** A recurring snapshot; repeatable, each with its own datasets and retention. */
    public CairnBuilder schedule(String name, Recurrence when, DatasetSelection what, Retention retention) {
        this.schedules.add(new Schedule(name, when, what, retention));
        return this;
    }

    /** The short form: one schedule over all datasets, one retention for all that no other schedule takes, but for those taken for safety, and one greatest age. */
    public CairnBuilder policy(SnapshotPolicy policy) {
        this.shared = Retention.keepLast(policy.maxRetained());
        this.maxAge = policy.maxAge();
        return schedule(
                SnapshotPolicy.SCHEDULE, Recurrence.every(policy.interval()), DatasetSelection.all(), this.shared);
    }

    /** Which manual snapshots are kept; all by default. */
    public CairnBuilder manualRetention(Retention value) {
        this.manual = value;
        return this;
    }

    /** Which manual snapshots of a label are kept; they compete with none other. */
    public CairnBuilder labelRetention(String label, Retention value) {
        this.labels.put(label, value);
        return this;
    }

    /** Which snapshots taken at shutdown are kept; the last 3 by default. */
    public CairnBuilder shutdownRetention(Retention value) {
        this.afterShutdown = value;
        return this;
    }

    /** Which snapshots taken before restores are kept; the last 3 by default. */
    public CairnBuilder safetyRetention(Retention value) {
        this.safety = value;
        return this;
    }

    /** How long what restores put aside is kept for {@link SnapshotManager#rollback}; the last 3 restores and at most 7 days by default. Removed when the manager prunes. */
    public CairnBuilder trashRetention(TrashRetention value) {
        this.trash = value;
        return this;
    }

    /** The greatest age of a snapshot that a restore accepts without approval; 10 minutes by default. */
    public CairnBuilder maxAge(Duration value) {
        if (value.isNegative()) {
            throw new InvalidValueException("maxAge", value, "zero or more");
        }
        this.maxAge = value;
        return this;
    }

    /** What {@code close()} does before it closes; no snapshot by default. */
    public CairnBuilder onShutdown(ShutdownPolicy value) {
        this.shutdown = value;
        return this;
    }

    /** The wall clock. */
    public CairnBuilder clock(InstantSource value) {
        this.clock = value;
        return this;
    }

    /** The monotonic clock that measures intervals, in nanoseconds as {@link System#nanoTime}. */
    public CairnBuilder ticker(LongSupplier value) {
        this.nanos = value;
        return this;
    }

    /** Told what happens; repeatable. */
    public CairnBuilder listener(BackupListener value) {
        this.listeners.add(value);
        return this;
    }

    /**
     * Writes who did what into that log, and opens incidents in it. A line is durable before its caller is answered; what schedules do has the actor {@code schedule:<name>}, what callers of
     * {@link BackupOperations} do has theirs, everything else has the actor {@code host}. Must lie outside every dataset. Stays open: the host closes it after the manager.
     *
     * <p>A log that cannot be written holds up nothing: the operation goes on, health is degraded, each missing line is logged, and the first line that can be written again tells how many are missing.
     */
    public CairnBuilder audit(AuditLog value) {
        this.audit = value;
        return this;
    }

    /** The same, with another actor than {@code host}. */
    public CairnBuilder audit(AuditLog value, Actor host) {
        this.auditActor = host;
        return audit(value);
    }

    /**
     * Refuses whatever changes something, and is not a snapshot that the manager takes by itself, unless a line {@code <action>.request} could be written before it, with
     * {@link dev.cairn.backup.AuditUnavailableException}. Scheduled snapshots are taken all the same, because a full disk under the log must not end protection; what they would prune stays.
     */
    public CairnBuilder requireAudit() {
        this.requiresAudit = true;
        return this;
    }

    /** What is promised of datasets; repeatable, of several about one dataset the last counts. Health measures itself against it, and an alert is raised while it is missed. */
    public CairnBuilder objective(DatasetSelection datasets, Objective objective) {
        this.objectives = objectives.with(datasets, objective);
        return this;
    }

    /** When alerts are raised and repeated; see {@link AlertPolicy#defaults}. */
    public CairnBuilder alerts(AlertPolicy value) {
        this.alerts = value;
        return this;
    }

    /** Signs a receipt of each verification and each restore that was completed, of what {@link SnapshotManager#receipts} attests, and what is left of each removed snapshot. */
    public CairnBuilder receipts(ReceiptSigner signer) {
        this.attestation = attestation.signedBy(signer);
        return this;
    }

    /** Whose signatures are trusted, the own signer's key among them: from now on only what one of them has signed explains that a snapshot is gone. */
    public CairnBuilder receiptKeys(ReceiptKeys trusted) {
        this.attestation = attestation.trusting(trusted);
        return this;
    }

    /** Reads snapshots back in the background; see {@link VerificationPolicy}. Never by default. */
    public CairnBuilder verification(VerificationPolicy value) {
        this.trust = trust.with(value);
        return this;
    }

    /** Rehearses a restore on a schedule; see {@link SnapshotManager#drill}. Never by default. */
    public CairnBuilder drills(DrillPolicy value) {
        this.trust = trust.with(value);
        return this;
    }

    /**
     * Makes the manager's threads: one for schedules, one for verifications and drills, one for each step of a drill, one for listeners, with schedules or objectives one that notices what stays away, one while the barrier is held, one that watches a shutdown's deadline and the JVM's
     * hook; with continuous protection one for each such dataset, one that stores segments, one that takes bases and one that watches. Daemons by default. Repositories and stores do their input and output on threads of their own.
     */
    public CairnBuilder threadFactory(ThreadFactory value) {
        this.threads = value;
        return this;
    }

    /**
     * For hosts that allow no threads of a library's in their own code: the barrier is called and listeners are told on the thread that calls the manager,
     * schedules run by {@link SnapshotManager#runIfDue} only, and neither barrierTimeout nor the deadline of a shutdown is enforced.
     */
    public CairnBuilder callerThreadsOnly() {
        this.threads = null;
        return this;
    }

    /** Schedules run by {@link SnapshotManager#runIfDue} only. */
    public CairnBuilder schedulesRunByHost() {
        this.runsSchedules = false;
        return this;
    }

    /**
     * Opens the manager. A store that cannot be reached lets the host start, with health Degraded, and is tried again by every operation.
     *
     * @throws ConfigurationException if the configuration can never be right
     * @throws dev.cairn.backup.RestorePendingException if a restore is pending, which {@link Cairn#recoverPending} ends
     */
    public SnapshotManager open() {
        return open(null);
    }

    /**
     * Opens a manager in the place of a host that is down, to look at its snapshots and to prepare a restore ({@link Cairn#prepareRestore}). Datasets in memory may be configured or left out; their
     * values wait in the state store for the host's next start. Nothing of the host is called: barrier, version, hooks, callbacks, checks and schedules are left out, and closing takes no snapshot.
     *
     * @throws ConfigurationException if the configuration can never be right
     * @throws dev.cairn.backup.RestorePendingException if a restore is pending, which {@link Cairn#recoverPending} and the host's start end
     */
    public SnapshotManager openWhileHostIsDown() {
        Predicate<DatasetSummary> awaited = HostMemory.of(datasets);
        datasets.removeIf(dataset -> dataset.location().isEmpty());
        cut = null;
        barrier = Barrier.none();
        version = null;
        hooks = RestoreHooks.none();
        callbacks.clear();
        checks.clear();
        schedules.clear();
        shutdown = ShutdownPolicy.none();
        return open(awaited);
    }

    private SnapshotManager open(@Nullable Predicate<DatasetSummary> awaited) {
        SnapshotRepository chosenRepository = required(repository, "repository");
        BlobStore chosenState = required(state, "state");
        Epochs epochs = new Epochs(chosenState);
        List<Dataset> all = new ArrayList<>(datasets);
        if (cut != null && resume != null) {
            all.add(new CursorDataset(cut, resume, epochs));
        }
        AuditTrail trail = trail();
        trust.requireRoom(Optional.ofNullable(scratch).or(chosenState::scratch));
        new ConfigurationCheck(
                        chosenRepository,
                        chosenState,
                        all,
                        schedules,
                        shutdown,
                        threads,
                        trail.location(),
                        trail.headLocation())
                .run();
        if (shared != null && (manual != null || afterShutdown != null)) {
            throw new ConfigurationException(
                    "policy(…) keeps one number of all snapshots, so a retention of their own for manual ones or for those at shutdown contradicts it",
                    "Leave out one of the two, or write the policy as schedule(…) and maxAge(…)");
        }
        RetentionPools pools = new RetentionPools(
                Optional.ofNullable(shared),
                bySchedule(all),
                labels,
                Objects.requireNonNullElse(manual, Retention.keepAll()),
                Objects.requireNonNullElse(afterShutdown, Retention.keepLast(3)),
                safety);
        EmbeddedManager manager = new EmbeddedManager(new Settings(
                chosenRepository,
                chosenState,
                epochs,
                Optional.ofNullable(scratch).or(chosenState::scratch),
                List.copyOf(all),
                barrier,
                barrierTimeout,
                Optional.ofNullable(version),
                naming,
                hooks,
                List.copyOf(callbacks),
                List.copyOf(checks),
                List.copyOf(schedules),
                pools,
                maxAge,
                shutdown,
                clock,
                nanos,
                List.copyOf(listeners),
                threads,
                runsSchedules,
                trail,
                objectives.requireKnown(all.stream().map(Dataset::name).toList()),
                alerts,
                attestation.checked(),
                trust,
                trash,
                awaited));
        if (awaited == null) {
            manager.start();
        }
        return trail.exists() ? new AuditedManager(manager, trail) : manager;
    }

    private AuditTrail trail() {
        if (audit != null) {
            AuditTrail trail = AuditTrail.to(audit, auditActor, clock);
            return requiresAudit ? trail.required() : trail;
        }
        if (requiresAudit) {
            throw new ConfigurationException(
                    "requireAudit() needs an audit log, and none is configured", "Call audit(…)");
        }
        return AuditTrail.none();
    }

    private Map<String, Retention> bySchedule(List<Dataset> all) {
        Map<String, Retention> rules = new LinkedHashMap<>();
        all.stream()
                .flatMap(dataset -> dataset.continuousSource().stream())
                .map(source -> source.limits().history())
                .max(Duration::compareTo)
                .ifPresent(history -> rules.put(RetentionPools.CONTINUOUS, Retention.keepWithin(history)));
        schedules.stream()
                .filter(schedule -> shared == null || !schedule.name().equals(SnapshotPolicy.SCHEDULE))
                .forEach(schedule -> rules.put(schedule.name(), schedule.retention()));
        return rules;
    }

    private static <T> T required(@Nullable T value, String option) {
        if (value == null) {
            throw new ConfigurationException(
                    "No " + option + " is configured", "Call Cairn.builder()." + option + "(…) or home(…)");
        }
        return value;
    }

    private static ThreadFactory daemons() {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, "cairn-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
