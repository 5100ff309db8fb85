package dev.cairn.backup;

import dev.cairn.backup.cursor.ReleaseFloor;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Takes snapshots of a host's datasets at one instant, keeps them, verifies them and restores them. Made by {@code Cairn.builder()} in
 * {@code backup-core}; one per host process is the rule.
 *
 * <p>Thread-safe. One snapshot, prune or verification runs at a time, a further call waits; while a restore runs, calls that would change
 * something throw {@link BackupBusyException}. Calls block and honour interruption: they throw {@link BackupCancelledException} and keep the flag.
 * Every exception is a {@link BackupException}.
 */
public interface SnapshotManager extends AutoCloseable {

    /**
     * Takes a manual snapshot of all datasets. When this returns it is durable and listed; if it throws, it is not listed, unless the error is a
     * {@link StoreException} with {@code OUTCOME_UNKNOWN}: then it is listed whole or not at all.
     *
     * @throws SourceException if a dataset cannot be read
     * @throws BarrierException if the host's barrier did not do its part
     * @throws StoreException if the repository cannot be written
     */
    default SnapshotMetadata create() {
        return create(SnapshotRequest.of()).metadata();
    }

    /**
     * Takes a manual snapshot as requested; see {@link #create()}. Never prunes.
     *
     * @throws SnapshotExistsException if the requested id is or was in use
     */
    SnapshotReport create(SnapshotRequest request);

    /** The snapshots of this lineage, oldest first. */
    List<SnapshotMetadata> list();

    /** The snapshots of every lineage in the repository, oldest first: what a new installation can be restored from. */
    List<SnapshotMetadata> listAll();

    /** What lies in the repository and must not be restored, with the reason: data without a manifest, damaged manifests. */
    List<InvalidSnapshot> listInvalid();

    /**
     * The snapshot of that id, of any lineage in the repository.
     *
     * @throws SnapshotNotFoundException if there is none
     * @throws DamagedSnapshotException if its manifest cannot be used
     */
    SnapshotMetadata get(SnapshotId id);

    /** What retention says of each snapshot of this lineage now, oldest first. Removes nothing. */
    List<RetentionDecision> retention();

    /**
     * Removes the snapshots that retention does not keep, and remnants of snapshots that were never completed once this manager has seen them for an
     * hour. Answers how many snapshots it removed.
     */
    int prune();

    /**
     * Removes one snapshot, or what is left of one, at an operator's wish, whatever retention says.
     *
     * @throws SnapshotNotFoundException if there is none
     * @throws BackupBusyException if it is pinned, being restored, or the last good one
     */
    void delete(SnapshotId id);

    /** Keeps a snapshot from being pruned until {@link #unpin}. Idempotent. */
    void pin(SnapshotId id, String reason);

    /** Takes back {@link #pin}; pins of a running restore stay. */
    void unpin(SnapshotId id);

    /**
     * Accepts a suspect snapshot: it counts as good from now on.
     *
     * @param operator who, not blank
     * @param reason why, not blank
     */
    void acknowledge(SnapshotId id, String operator, String reason);

    /**
     * Reads a whole snapshot back and compares every byte with its checksums. Damage is in the report, not thrown.
     *
     * @throws SnapshotNotFoundException if there is none
     */
    VerificationReport verify(SnapshotId id);

    /**
     * Frees what no snapshot needs any more; {@link #prune} does so by itself. Runs beside snapshots and restores of other processes.
     *
     * @throws DamagedSnapshotException if a snapshot cannot be read, so that nobody knows what it needs; nothing was removed
     */
    SweepReport sweep(SweepRequest request);

    /**
     * Looks for damage in all of the repository, as deep and as long as asked. Damage is in the report, not thrown.
     *
     * @throws ConfigurationException if this kind of repository knows only {@link #verify}
     */
    RepositoryReport check(RepositoryCheck check);

    /**
     * Mends what can be mended without the sources, and names what each snapshot has lost. Removes no snapshot; what is lost is stored again by the next
     * snapshot if the source still has it.
     *
     * @throws ConfigurationException if this kind of repository knows only {@link #verify}
     */
    RepairReport repair(RepositoryCheck check);

    /** When a snapshot was last verified with success, in whichever process; empty if never. */
    Optional<Instant> lastVerified(SnapshotId id);

    /** What was stated about a snapshot since it was taken, in whichever process: pins, verifications, a suspicion, its acknowledgement, that a restore has left it behind. Oldest first; empty if nothing was. */
    List<Mark> marks(SnapshotId id);

    /**
     * The stretches of time from which any transaction of a dataset can be restored, oldest first, of every lineage in the repository. What still waits on the local disk
     * ({@link ProtectionStatus#stored}) is not in them yet. Reads the names of all segments and the contents of a few.
     *
     * @return empty if the dataset is not protected continuously or has no base yet
     * @throws DamagedRepositoryException if a segment that bounds a window is damaged
     */
    List<RestoreWindow> restoreWindows(String dataset);

    /**
     * The state of a dataset at a time: after the last transaction seen at or before it. Of windows that overlap, because two installations used one name, the newest counts. A wall clock
     * of the host that was set back makes times ambiguous; {@link #restorePoint(String, LogPosition)} never is.
     *
     * @param at by the wall clock of the protected host; exact to its poll interval
     * @throws RestorePointNotFoundException if no window covers it; it names those there are
     * @throws DamagedRepositoryException if a segment that cannot be read may hold the last transaction by then
     */
    RestorePoint restorePoint(String dataset, Instant at);

    /**
     * The state of a dataset behind a transaction.
     *
     * @throws RestorePointNotFoundException if no window covers it; it names those there are
     */
    RestorePoint restorePoint(String dataset, LogPosition position);

    /**
     * Reads the change log of a dataset back, all of it, and checks every chain and checksum. Damage is in the report, not thrown.
     *
     * @throws ConfigurationException if this kind of repository keeps no change logs
     */
    LogVerification verifyLog(String dataset);

    /** Checks the chain of this lineage's snapshots from the first to the newest; see {@link #verifyChain(long, long)}. */
    default ChainVerification verifyChain() {
        return verifyChain(1, Long.MAX_VALUE);
    }

    /**
     * Checks the chain of this lineage's snapshots with their manifests and stubs read anew: that each is there, or was removed by this installation, and that none was altered, exchanged, put
     * back or added behind its back. Reads no content, which {@link #verify} does. Breaks are in the result, in health and an event, not thrown. Opening looks at the chain as well, by what it
     * lists and the newest stubs.
     *
     * @param from the lowest sequence number, at least 1
     * @param to the highest, not below {@code from}
     * @throws InvalidValueException if the range is not allowed
     */
    ChainVerification verifyChain(long from, long to);

    /**
     * Takes a break for known: a snapshot that is missing or set back ({@code MISSING}, {@code ROLLED_BACK}), or one beside the chain ({@code FORK}). A loss stays in the chain as a stub that says
     * who accepted it and why.
     *
     * @param operator who, not blank
     * @param reason why, not blank
     * @return what the whole chain shows now
     * @throws InvalidValueException if it is a break of another kind, or one about receipts
     */
    ChainVerification acknowledge(ChainBreak broken, String operator, String reason);

    /** The receipts of this lineage. */
    Receipts receipts();

    /**
     * What a restore would do. Touches nothing.
     *
     * @throws SnapshotNotFoundException if there is none
     * @throws DamagedSnapshotException if it cannot be read
     * @throws RestoreRefusedException if a path is asked for that the snapshot lacks, or paths or an overlay of a dataset that can only be restored whole
     */
    RestorePlan plan(RestoreRequest request);

    /**
     * Restores all datasets of the plan or none, or one dataset to a point between snapshots. The verdict is computed again. A safety snapshot of the present state is taken first, if it can be
     * read, and stays pinned until the next restore. In-memory datasets are replaced first, so that their old
     * value is durable before anything on disk changes. Continuous protection lets go of the datasets meanwhile and goes on with what is there afterwards, on a new timeline.
     *
     * <p>After a failure that this process survives, everything is as it was before ({@link RestoreFailedException#rolledBack}); after a crash
     * {@code Cairn.recoverPending} makes it so at the next start.
     *
     * <p>A plan goes stale when its answers may have changed: another restore has happened since, the snapshot was marked suspect, abandoned or acknowledged, a target lies elsewhere or has become
     * a file instead of a folder, or there is not enough room any more. Writes to live data do not make it stale: what they wrote is in the safety snapshot and in the trash.
     *
     * @throws RestoreRefusedException if the verdict does not permit it, or the plan is stale; nothing was touched
     * @throws DatasetInUseException if something still uses a dataset; nothing is replaced
     * @throws RestoreFailedException if it failed later
     */
    RestoreReport restore(RestorePlan plan);

    /**
     * Brings back the state before a restore; all that came after it in these datasets is replaced. Needs no verdict.
     *
     * <p>While the trash of all its datasets is kept ({@link #trash}) that is swapped back, to the very instant of the swap, and what it takes the place of becomes trash in turn; no snapshot is
     * taken. Otherwise the restore's safety snapshot is restored, of the same datasets and paths.
     *
     * @throws RestoreRefusedException if there is neither, or the safety snapshot lacks a dataset that could not be read
     */
    default RestoreReport rollback(RestoreReport report) {
        return rollback(PastRestore.of(report));
    }

    /** The same for a restore of another process; see {@link #lastRestore}. */
    RestoreReport rollback(PastRestore restore);

    /**
     * The last restore of this installation that was done, in whichever process, also one that ended with its process and was finished at the next start, and also a rollback. Empty if there was none.
     */
    Optional<PastRestore> lastRestore();

    /**
     * Rehearses a restore: restores a snapshot into a private folder, apart from the live data and without its hooks, asks the datasets and the host whether it is right, measures it all, and removes
     * what it made. Snapshots and everything else go on meanwhile; drills run one at a time. That it failed is in the report, not thrown.
     *
     * @throws BackupCancelledException if it was cancelled, or the manager closed
     * @throws BackupBusyException if a restore is in progress
     * @throws ConfigurationException if there is no room to restore to
     * @throws SnapshotNotFoundException if the requested snapshot does not exist
     */
    DrillReport drill(DrillRequest request);

    /** What the last drill of this installation has shown, in whichever process; empty if there was none. */
    Optional<DrillReport> lastDrill();

    /** When a drill last restored all datasets of a snapshot with success, in whichever process; empty if none did. */
    Optional<Instant> lastRestoreTested(SnapshotId id);

    /**
     * What restores have put aside and what is still there, newest restore first. Reads the sizes of its files. {@link #prune} removes what the trash retention does not keep.
     */
    List<TrashItem> trash();

    /**
     * The timeline epoch that the host runs in. A restore begins the next one before anything is swapped, and leaves it for yet another if it is undone; so does a crash in the middle. Ask after
     * opening and after every restore, also one that failed. Kept in the state store and read once.
     *
     * @throws StoreException if it was never read and the state store cannot be
     */
    TimelineEpoch epoch();

    /**
     * The cut that a snapshot carries: the host's cursors and what its state had seen of their events. Empty if it was taken without one.
     *
     * @throws SnapshotNotFoundException if there is no such snapshot
     * @throws DamagedSnapshotException if it cannot be read
     */
    Optional<SnapshotCut> cut(SnapshotId id);

    /**
     * Up to where the sources may be acknowledged, by the cuts of all snapshots of this lineage, pinned ones too. Reads the cursors of those that this manager has not read yet. Ask again after each
     * snapshot, prune and restore.
     *
     * @param replayHorizon the greatest age at which a snapshot's events are still kept at the sources; older snapshots hold nothing back
     * @throws DamagedSnapshotException if a cut cannot be read: what it needs is not known, so nothing may be acknowledged
     */
    ReleaseFloor releaseFloor(Duration replayHorizon);

    /**
     * Runs the schedules that are due, one after the other, then the verification and the drill if they are, on this thread. For hosts that allow no threads; with a manager that runs its schedules
     * itself it does nothing unless one is due at this very moment.
     *
     * @return the snapshots taken; a failure is reported to listeners and health, not thrown
     */
    List<SnapshotMetadata> runIfDue();

    /** How well the host is protected. Reads no repository; cheap enough for a health endpoint. Listeners are told of alerts that it is the first to find; see {@link AlertEvent}. */
    BackupHealth health();

    /**
     * Closes with a snapshot, if one is expected to fit. Waits for a running snapshot within the budget, cancels it after. Idempotent: a second call
     * answers the first one's report.
     *
     * @param budget the time for all of it, zero for no snapshot
     */
    ShutdownReport shutdown(Duration budget);

    /** What {@link #shutdown} or {@link #close} answered; empty while open. */
    Optional<ShutdownReport> shutdownReport();

    /**
     * Closes as the configured {@link ShutdownPolicy} says; by default without a snapshot. Idempotent, never throws for a failed snapshot. Datasets that are protected continuously ship what
     * is committed first; what the repository has not taken within the budget, or a second if there is none, waits on the local disk for the next start.
     */
    @Override
    void close();

    /**
     * Something in the repository that must not be restored.
     *
     * @param id its id
     * @param reason why
     */
    record InvalidSnapshot(SnapshotId id, String reason) {}
}
