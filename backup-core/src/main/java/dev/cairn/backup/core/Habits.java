package dev.cairn.backup.core;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.Operation;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.drill.Drills;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.operate.RecentEvents;
import dev.cairn.backup.core.operate.watch.MeasuredRestores;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.core.schedule.Recurring;
import dev.cairn.backup.core.schedule.ScheduleThread;
import dev.cairn.backup.core.verify.VerificationHabit;
import dev.cairn.backup.core.verify.VerificationMarks;
import dev.cairn.backup.spi.ScratchSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a manager does so that its snapshots can be trusted: drills, and verification in the background. Neither holds up a snapshot. Thread-safe. */
final class Habits {

    private static final Logger LOG = LoggerFactory.getLogger(Habits.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final EmbeddedManager manager;
    private final Settings settings;
    private final OperationGate gate;
    private final HealthBoard board;
    private final EventDispatcher events;
    private final Drills drills;
    private final Optional<VerificationHabit> verification;
    private final Recurring recurring;
    private volatile @Nullable ScheduleThread thread;
    private volatile boolean closed;

    /** @param lastRun when a habit was last followed, as far as is remembered */
    Habits(
            EmbeddedManager manager,
            Settings settings,
            OperationGate gate,
            HealthBoard board,
            EventDispatcher events,
            RecentEvents recent,
            Function<String, Optional<Instant>> lastRun) {
        this.manager = manager;
        this.settings = settings;
        this.gate = gate;
        this.board = board;
        this.events = events;
        this.drills = new Drills(
                new Drills.Installation(
                        settings.repository(),
                        settings.state(),
                        settings.datasets(),
                        settings.scratch(),
                        settings.clock(),
                        settings.threads()),
                new Drills.Turn() {
                    @Override
                    public <T> T take(Function<Catalog, T> work) {
                        return manager.enter("a drill", opened -> work.apply(opened.catalog()));
                    }
                },
                recent,
                board,
                events);
        this.verification = settings.trust()
                .verification()
                .map(policy -> new VerificationHabit(
                        settings.repository(), settings.state(), policy, settings.datasetNames(), settings.clock()));
        this.recurring = new Recurring(tasks(), lastRun, settings.clock(), settings.nanos());
    }

    private List<Recurring.Task> tasks() {
        List<Recurring.Task> tasks = new ArrayList<>();
        settings.trust()
                .verification()
                .ifPresent(policy -> tasks.add(new Habit(
                        VerificationPolicy.NAME, Recurrence.every(policy.every()), () -> verifySome(policy))));
        settings.trust()
                .drills()
                .ifPresent(
                        policy -> tasks.add(new Habit(DrillPolicy.NAME, policy.when(), () -> drillByPolicy(policy))));
        return tasks;
    }

    /** Begins to follow them on a thread of its own, if there is one. */
    void start() {
        drills.recall();
        settings.trust().drills().flatMap(policy -> policy.request().room()).ifPresent(ScratchSpace::clean);
        ThreadFactory threads = settings.threads();
        if (threads != null && settings.runsSchedules() && !recurring.isEmpty()) {
            ScheduleThread made = new ScheduleThread(recurring, threads);
            thread = made;
            made.start();
        }
    }

    /** Follows those that are due, on this thread. */
    void runIfDue() {
        recurring.runIfDue();
    }

    DrillReport drill(DrillRequest request) {
        try {
            DrillReport report = drills.run(request);
            attest(report);
            return report;
        } finally {
            manager.publishHealth();
        }
    }

    /** A manager that is closed meanwhile, or a store that is away, takes nothing from what was shown. */
    private void attest(DrillReport report) {
        try {
            manager.enter("a drill", opened -> {
                opened.evidence().drilled(report);
                return report;
            });
        } catch (BackupException e) {
            LOG.warn("There is no receipt of {}", report.id(), e);
        }
    }

    /** How long restores took in the last drill. */
    MeasuredRestores measured() {
        return drills.measured();
    }

    Optional<DrillReport> lastDrill() {
        return drills.records().last();
    }

    Optional<Instant> lastRestoreTested(SnapshotId id) {
        return drills.lastRestoreTested(id);
    }

    /** A host that has no snapshot yet has nothing to rehearse; one that has lost all of them has. */
    private boolean drillByPolicy(DrillPolicy policy) {
        boolean nothingYet = drills.records().count() == 0
                && manager.enter("a drill", opened -> opened.catalog().own().isEmpty());
        if (nothingYet) {
            return false;
        }
        int every = policy.controlEvery();
        boolean control = every > 0 && drills.records().count() % every == 0;
        DrillRequest request = control ? policy.request().withControl() : policy.request();
        settings.trail()
                .own(
                        Optional.of(DrillPolicy.NAME),
                        Operation.of(Operation.DRILL, Operation.LATEST),
                        () -> drill(request));
        return true;
    }

    private boolean verifySome(VerificationPolicy policy) {
        List<Kept> snapshots =
                manager.enter("a verification", opened -> opened.catalog().kept());
        RestingPace pace = new RestingPace(gate, settings.nanos(), policy.budget(), () -> closed);
        verification.ifPresent(habit -> habit.run(snapshots, pace, this::verified));
        return true;
    }

    private void verified(VerificationReport report, boolean whole) {
        if (!whole && report.passed()) {
            return; // It is in the ledger; "verified" is said of what was read.
        }
        settings.trail()
                .own(
                        Optional.of(VerificationPolicy.NAME),
                        Operation.of(Operation.VERIFY, report.snapshot().value()),
                        () -> manager.operate("a verification", opened -> {
                            board.verified(report.snapshot(), report.passed());
                            VerificationMarks.put(
                                    settings.repository(),
                                    report,
                                    settings.clock().instant());
                            events.publish(new BackupEvent.VerificationFinished(report.verifiedAt(), report));
                            opened.evidence().verified(report);
                            return report;
                        }));
    }

    /** Ends what is under way. */
    void close() {
        closed = true;
        ScheduleThread running = thread;
        if (running != null) {
            running.stop();
        }
        drills.close();
        recurring.awaitIdle(CLOSING);
    }

    /** One of them, remembered in the state store under a name that no schedule can have. */
    private final class Habit implements Recurring.Task {

        private final String name;
        private final Recurrence when;
        private final BooleanSupplier work;

        Habit(String name, Recurrence when, BooleanSupplier work) {
            this.name = name;
            this.when = when;
            this.work = work;
        }

        @Override
        public String name() {
            return "+" + name;
        }

        @Override
        public Recurrence when() {
            return when;
        }

        @Override
        public boolean run() {
            boolean done = work.getAsBoolean();
            if (done && !closed) {
                manager.enter(name, opened -> {
                    opened.lineage().ran(name(), settings.clock().instant());
                    return name;
                });
            }
            board.solved("habit " + name);
            return done;
        }

        @Override
        public void failed(BackupException failure) {
            if (!closed) {
                board.problem("habit " + name, "the scheduled " + name + " could not be done: " + failure.getMessage());
                manager.publishHealth();
            }
        }
    }
}
