package dev.cairn.backup.examples.agtmux.daemon;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.cursor.ReleaseFloor;
import dev.cairn.backup.examples.agtmux.HostSettings;
import dev.cairn.backup.examples.agtmux.source.EventSource;
import dev.cairn.backup.examples.agtmux.state.Projection;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.lifecycle.ActionRunner;
import dev.cairn.backup.lifecycle.Deadline;
import dev.cairn.backup.lifecycle.ShutdownRecord;
import dev.cairn.backup.lifecycle.ShutdownSequence;
import dev.cairn.backup.lifecycle.SourceSignal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The projection and the manager that backs it up, opened together. Fed by a gateway, or opened for maintenance without one: a restore runs there, while the daemon proper is stopped. Thread-safe.
 */
public final class Daemon implements AutoCloseable {

    /** How long a clean stop may take. */
    public static final Duration SHUTDOWN = Duration.ofSeconds(20);

    private static final long IDLE_NANOS = 5_000_000;

    private final HostSettings settings;
    private final Gateway gateway;
    private final FileBlobStore auditHead;
    private final AuditLog audit;
    private final Projection projection;
    private final SnapshotManager manager;
    private final Object turn = new Object();
    private volatile boolean snapshotsChanged = true;
    private volatile boolean running = true;
    private volatile boolean held;
    private volatile @Nullable Throwable failure;
    private @Nullable Thread applying;
    private @Nullable Thread caring;

    private Daemon(HostSettings settings, Gateway gateway, BackupListener listener, Deque<AutoCloseable> opened) {
        this.settings = settings;
        this.gateway = gateway;
        AgtmuxBackups backups = new AgtmuxBackups(settings);
        auditHead = opened(opened, backups.state());
        audit = opened(opened, backups.audit(auditHead));
        backups.recoverPending(audit);
        projection = opened(opened, Projection.open(settings.database(), settings.time()));
        manager = opened(
                opened,
                backups.configured(projection, audit, told(listener), this::restored)
                        .open());
        projection.begin(manager.epoch());
        projection.catalogue().replace(manager.list());
    }

    private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> opened, T resource) {
        opened.push(resource);
        return resource;
    }

    /** What a start that failed had opened must not stand in the way of the next one. */
    private static Daemon open(HostSettings settings, Gateway gateway, BackupListener listener) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return new Daemon(settings, gateway, listener, opened);
        } catch (RuntimeException e) {
            for (AutoCloseable resource : opened) {
                try {
                    resource.close();
                } catch (Exception other) {
                    e.addSuppressed(other);
                }
            }
            throw e;
        }
    }

    /** Opens the state and its backups, and feeds nothing: for a restore. */
    public static Daemon forMaintenance(HostSettings settings, Gateway gateway, BackupListener listener) {
        return open(settings, gateway, listener);
    }

    /** Opens the state and its backups, and reads on from where the state stands. */
    public static Daemon start(
            HostSettings settings, Gateway gateway, Map<String, String> incarnations, BackupListener listener) {
        Daemon daemon = open(settings, gateway, listener);
        // Known before the first snapshot: one whose cut lacks a source would hold back that source's acknowledgements
        // for as long as it is within the horizon.
        incarnations.forEach(daemon.projection::cursor);
        gateway.subscribe(daemon.projection);
        if (!settings.time().virtual()) {
            daemon.applying = daemon.thread("agtmux-daemon", daemon::apply);
            daemon.caring = daemon.thread("agtmux-care", daemon::care);
        }
        return daemon;
    }

    /** The state. */
    public Projection projection() {
        return projection;
    }

    /** Its backups. */
    public SnapshotManager manager() {
        return manager;
    }

    /** Its backups, for people: each call is a line of the audit trail. */
    public BackupOperations operations() {
        return BackupOperations.of(manager, OperationPolicy.allowAll());
    }

    /** The trail of who did what. */
    public AuditLog audit() {
        return audit;
    }

    /** What has made it or its gateway stop working; empty while they work. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure).or(gateway::failure);
    }

    /** Applies nothing while it is held, or goes on; what is fetched meanwhile is in flight. */
    public void hold(boolean on) {
        synchronized (turn) { // Not in the middle of applying.
            held = on;
        }
    }

    private BackupListener told(BackupListener listener) {
        return event -> {
            if (event instanceof BackupEvent.SnapshotCompleted completed) {
                projection.catalogue().add(completed.report().metadata());
                snapshotsChanged = true;
            } else if (event instanceof BackupEvent.SnapshotsPruned pruned) {
                pruned.removed()
                        .forEach(one ->
                                projection.catalogue().remove(one.snapshot().value()));
                snapshotsChanged = true;
            }
            listener.onEvent(event);
        };
    }

    /** What was in flight was fetched for a state that is gone, and how the sources stand was known then, not now. */
    private void restored() {
        gateway.clear();
        projection.health().forEach(health -> projection.signal(health.source(), SourceSignal.LAPSED));
    }

    /** Applies what was fetched; answers whether there was anything. */
    public boolean applyOnce() {
        synchronized (turn) {
            return !held && gateway.apply();
        }
    }

    /** What is to be done now and then: checkpoints, snapshots that are due, acknowledgements. */
    public void careOnce() {
        projection.checkpointIfDue();
        manager.runIfDue();
        if (snapshotsChanged) {
            snapshotsChanged = false;
            acknowledge();
        }
    }

    /**
     * Tells the sources what no restore within the horizon will ask for again.
     *
     * @return whether all were told; a source that cannot be reached loses nothing, because a later acknowledgement includes the earlier
     */
    public boolean acknowledge() {
        ReleaseFloor floor = manager.releaseFloor(settings.horizon());
        Map<String, Long> fresh = projection.acknowledge(cursor -> floor.ackUpTo(cursor, cursor.cursor()));
        boolean told = true;
        for (EventSource source : gateway.sources()) {
            Long position = fresh.get(source.name());
            if (position != null) {
                try {
                    source.acknowledge(position);
                } catch (IOException e) {
                    told = false;
                }
            }
        }
        return told;
    }

    private void apply() {
        while (running) {
            if (!applyOnce()) {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
    }

    private void care() {
        while (running) {
            careOnce();
            LockSupport.parkNanos(10 * IDLE_NANOS);
        }
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error e) {
                        failure = e; // The supervisor decides what becomes of it.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Stops without losing anything, with a snapshot at the end. */
    public ShutdownRecord stop() {
        return ShutdownSequence.within(SHUTDOWN, System::nanoTime, ActionRunner.onCallerThread())
                .pauseIntake(gateway::pause)
                .drain(this::drain)
                .commit(this::quieten)
                .snapshot(this::lastSnapshot)
                .closeStores(projection, audit, auditHead)
                .build()
                .run();
    }

    private long drain(Deadline deadline) {
        while (!held && gateway.inFlight() > 0 && !deadline.hasPassed()) {
            if (!gateway.apply()) {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
        return gateway.inFlight();
    }

    private void quieten() throws InterruptedException {
        running = false;
        for (Thread thread : new Thread[] {applying, caring}) {
            if (thread != null) {
                thread.join();
            }
        }
        projection.checkpoint();
    }

    private ShutdownReport lastSnapshot(Duration budget) {
        return manager.shutdown(failure == null ? budget : Duration.ZERO);
    }

    /** Closes what was opened for maintenance: without a snapshot. */
    @Override
    public void close() {
        manager.close();
        projection.close();
        audit.close();
        auditHead.close();
    }

    /** The actor for an operator by name. */
    public static Actor operator(String name) {
        return Actor.of("operator:" + name);
    }
}
