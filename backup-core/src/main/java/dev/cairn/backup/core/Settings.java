package dev.cairn.backup.core;

import dev.cairn.backup.BackupListener;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.RestoreCallback;
import dev.cairn.backup.RestoreCheck;
import dev.cairn.backup.RestoreHooks;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a host has configured, complete and checked.
 *
 * @param epochs of the state store
 * @param threads makes the manager's threads; null if it must do without
 * @param runsSchedules whether the manager runs schedules on a thread of its own
 * @param trail where what is done is written down
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
        AuditTrail trail) {

    /** The names of all datasets. */
    List<String> datasetNames() {
        return datasets.stream().map(Dataset::name).toList();
    }
}
