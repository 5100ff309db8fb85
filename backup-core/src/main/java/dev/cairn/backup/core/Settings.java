package dev.cairn.backup.core;

import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AlertPolicy;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.RestoreCallback;
import dev.cairn.backup.RestoreCheck;
import dev.cairn.backup.RestoreHooks;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.TrashRetention;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.operate.watch.KnownSnapshots;
import dev.cairn.backup.core.operate.watch.Objectives;
import dev.cairn.backup.core.operate.watch.Oversight;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a host has configured, complete and checked.
 *
 * @param epochs of the state store
 * @param threads makes the manager's threads; null if it must do without
 * @param runsSchedules whether the manager runs schedules on a thread of its own
 * @param trail where what is done is written down
 * @param objectives what is promised of which datasets
 * @param alerts when alerts are raised and repeated
 * @param attestation who signs, and who is trusted
 * @param trust verification and drills that are done by themselves
 * @param trash how long what restores put aside is kept
 * @param awaited the datasets in the memory of a host that is down, for which values wait; null while the host runs
 */
record Settings(
        SnapshotRepository repository,
        BlobStore state,
        Epochs epochs,
        Optional<ScratchSpace> scratch,
        List<Dataset> datasets,
        Barrier barrier,
        Duration barrierTimeout,
        Optional<LongSupplier> version,
        SnapshotNaming naming,
        RestoreHooks hooks,
        List<RestoreCallback> callbacks,
        List<RestoreCheck> checks,
        List<Schedule> schedules,
        RetentionPools pools,
        Duration maxAge,
        ShutdownPolicy shutdown,
        InstantSource clock,
        LongSupplier nanos,
        List<BackupListener> listeners,
        @Nullable ThreadFactory threads,
        boolean runsSchedules,
        AuditTrail trail,
        Objectives objectives,
        AlertPolicy alerts,
        Attestation attestation,
        Trust trust,
        TrashRetention trash,
        @Nullable Predicate<DatasetSummary> awaited) {

    /** What looks after schedules and objectives. */
    Oversight oversight(Supplier<KnownSnapshots> known, Consumer<AlertEvent> listener) {
        Map<String, Duration> polls = new HashMap<>();
        datasets.forEach(dataset -> dataset.continuousSource()
                .ifPresent(source -> polls.put(dataset.name(), source.limits().poll())));
        return new Oversight(
                new Oversight.Watched(datasetNames(), polls, objectives, alerts), clock, nanos, known, listener);
    }

    /** Whether the host is down, and nothing may be handed to it or asked of it. */
    boolean hostIsDown() {
        return awaited != null;
    }

    /** The names of all datasets. */
    List<String> datasetNames() {
        return datasets.stream().map(Dataset::name).toList();
    }
}
