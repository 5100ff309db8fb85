package dev.cairn.backup.core;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.core.restore.PendingRestores;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Where a host begins. */
public final class Cairn {

    private Cairn() {}

    /** Begins to configure a manager. */
    public static CairnBuilder builder() {
        return new CairnBuilder();
    }

    /**
     * Finishes or undoes a restore that a crash has interrupted. The first thing in {@code main}, before pools and services load anything; costs one
     * listing when nothing is pending. May itself be interrupted and called again.
     *
     * <p>Values in memory of an undone restore are handed back when the manager opens.
     *
     * @param state the state store, as given to the builder
     * @param datasets all datasets on disk, as given to the builder; those in memory may be left out
     * @return what it finished or undid
     * @throws dev.cairn.backup.RestorePendingException if a restore is about a dataset that was not given
     * @throws BackupException if the restore cannot be ended; nothing may use the data until it is
     */
    public static RecoveryReport recoverPending(BlobStore state, List<Dataset> datasets) {
        return new PendingRestores(state).recover(datasets);
    }

    /**
     * The same, written into an audit log: one line for each restore that was finished or undone, and an incident if one cannot be ended. A log that cannot be written holds up nothing. When nothing
     * is pending there is nothing to write.
     */
    public static RecoveryReport recoverPending(BlobStore state, List<Dataset> datasets, AuditLog audit) {
        AuditTrail trail = AuditTrail.to(audit, Actor.of("host"), InstantSource.system());
        return Recoveries.audited(trail, () -> recoverPending(state, datasets));
    }

    /**
     * Restores while the host is down. Datasets on disk are replaced now, all or none; values in memory are put into the state store and handed to the host when it opens its manager next, before
     * anything else. Of several prepared restores the newest counts. Nothing else may use the data meanwhile.
     *
     * <p>{@code configured.openWhileHostIsDown()} gives the manager itself, for whoever wants to see the plan first.
     *
     * @param configured as the host configures it; datasets in memory may be left out. Used up by this
     * @param request what to restore. The version is compared with the highest that this installation ever reached, if it is known; the report tells what waits
     * @throws dev.cairn.backup.RestoreRefusedException if the verdict does not permit it, or the snapshot holds a dataset that is neither configured nor known to be in memory; it is named
     * @throws dev.cairn.backup.LimitExceededException if a value in memory is too large to wait
     * @throws dev.cairn.backup.RestorePendingException if a restore is pending
     */
    public static RestoreReport prepareRestore(CairnBuilder configured, RestoreRequest request) {
        try (SnapshotManager manager = configured.openWhileHostIsDown()) {
            return manager.restore(manager.plan(request));
        }
    }

    /**
     * The keys of a repository, each use of which is a line of an audit log: who may open the repository is worth as much as what is in it. Neither keys nor codes are in any line.
     *
     * @param keys such as {@code PackedRepository.at(home).keys()}
     * @param actor who uses them
     */
    public static RepositoryKeys audited(RepositoryKeys keys, AuditLog audit, Actor actor) {
        AuditTrail trail = AuditTrail.to(audit, actor, InstantSource.system());
        return new AuditedKeys(keys, new AuditedKeys.Calls() {
            @Override
            public <T> T call(Operation operation, Map<String, String> said, Supplier<T> work) {
                return trail.call(actor, operation, said, work);
            }
        });
    }

    /** The same for datasets named one by one; see {@link #recoverPending(BlobStore, List)}. */
    public static RecoveryReport recoverPending(BlobStore state, Dataset first, Dataset... more) {
        List<Dataset> datasets = new ArrayList<>(List.of(more));
        datasets.add(0, first);
        return recoverPending(state, datasets);
    }
}
