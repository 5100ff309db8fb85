package dev.cairn.backup.spi;

import dev.cairn.backup.DatasetPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One named source of state in the host: a file tree, a SQLite database, an object graph. A dataset is a description; making one
 * touches nothing. Methods may be called from any thread, but the engine never runs two captures, or a capture and a restore, of one dataset
 * at a time.
 *
 * <p>A snapshot runs {@link #prepare}, then {@link PreparedCapture#freeze} inside the host's barrier together with all other datasets, then
 * reads the {@link FrozenView} outside it. A restore runs {@link #stage}, then {@link StagedRestore#swap}, and ends with
 * {@link StagedRestore#finish} or {@link StagedRestore#rollback}.
 */
public interface Dataset {

    /** The name: 1 to 64 characters of {@code a-z A-Z 0-9 . _ -}, not beginning with a dot; unique in a host and never changed. */
    String name();

    /** What it is, such as {@code files} or {@code sqlite}; a snapshot is only restored into a dataset of the same kind. */
    String kind();

    /** Where its live data lies; empty for data in memory. A dataset that has none is restored only after the host has started. */
    Optional<Location> location();

    /** Whether a missing source is allowed: the snapshot then lists the dataset as absent, with a warning, instead of failing. */
    default boolean isOptional() {
        return false;
    }

    /** What ships its change log between snapshots; empty if it is not protected continuously. Always the same one. */
    default Optional<ContinuousSource> continuousSource() {
        return Optional.empty();
    }

    /** What earlier restores put aside of it; empty if nothing is brought back from there. */
    default Optional<DatasetTrash> trash() {
        return Optional.empty();
    }

    /** A look at where a restore would write; empty for data in memory and for datasets that cannot tell. */
    default Optional<LiveTarget> liveTarget() {
        return Optional.empty();
    }

    /** Whether single paths can be restored, and a snapshot be laid over live data. Otherwise the engine asks only for {@link RestoreScope#WHOLE}. */
    default boolean restoresPaths() {
        return false;
    }

    /**
     * A dataset of the same kind, name and options whose target lies in a private folder, for drills: what is staged and swapped there touches nothing of the live data, nor does it need it. The folder
     * need not exist yet; whoever made it removes it with all that is in it. Data in memory is kept in the answer alone.
     *
     * @return empty if this dataset cannot be restored elsewhere; its drills fail
     */
    default Optional<Dataset> isolated(Path folder) {
        return Optional.empty();
    }

    /**
     * Reads what lies at this dataset's target and compares it with a snapshot, content by content, trusting no times. For targets that nobody uses, such as those of {@link #isolated}.
     *
     * @return what differs, one sentence each, at most 20; empty if it is as the snapshot says
     * @throws dev.cairn.backup.BackupException if one of the two cannot be read
     */
    default List<String> differences(DatasetReader snapshot) {
        DatasetPlan plan = compare(snapshot);
        if (plan.create() + plan.replace() + plan.remove() == 0) {
            return List.of();
        }
        return plan.examples().isEmpty()
                ? List.of((plan.create() + plan.replace() + plan.remove()) + " entries differ")
                : plan.examples();
    }

    /**
     * Opens what the freeze will need, outside the barrier: connections, walks, watches. May take as long as it needs.
     *
     * @return the prepared capture, or empty if the source is missing and {@link #isOptional}
     * @throws dev.cairn.backup.SourceException if the source is missing, cannot be read or is refused
     */
    Optional<PreparedCapture> prepare(CaptureContext context);

    /**
     * Compares a snapshot with the live data and touches nothing.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException if the snapshot cannot be read
     */
    DatasetPlan compare(DatasetReader snapshot);

    /** The same for a part of the dataset; what lies outside of it is in no count. */
    default DatasetPlan compare(DatasetReader snapshot, RestoreScope scope) {
        return compare(snapshot);
    }

    /**
     * Writes the snapshot's data beside the live data, forces it to disk and verifies it; the live data is not touched. What {@link #resume}
     * will need is saved in the context's journal before anything is made outside the context's scratch, so that every crash can be cleaned up.
     *
     * @throws dev.cairn.backup.BackupException if it cannot be done; nothing stays behind
     */
    StagedRestore stage(DatasetReader snapshot, StageContext context);

    /** The same for a part of the dataset. */
    default StagedRestore stage(DatasetReader snapshot, StageContext context, RestoreScope scope) {
        return stage(snapshot, context);
    }

    /**
     * The staged restore that an earlier process left, found again by its journal alone. Called after a crash at any point since
     * {@link #stage} began, also while resuming; the answer's {@link StagedRestore#rollback} and {@link StagedRestore#finish} then end it.
     */
    StagedRestore resume(StageContext context);
}
