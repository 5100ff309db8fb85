package dev.cairn.backup.core.cursor;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The host's cut as a dataset: a value in memory, with one thing more. Whatever a restore does to it, forward or back, the host goes on in the current epoch.
 */
public final class CursorDataset implements Dataset {

    /** Its name; no other dataset may have it. */
    public static final String NAME = "cursors";

    private final Supplier<SnapshotCut> cut;
    private final Consumer<SnapshotCut> resume;
    private final Epochs epochs;
    private final StateDataset<SnapshotCut> value;

    /**
     * @param cut the cut, called inside the barrier
     * @param resume takes the cut to go on with
     */
    public CursorDataset(Supplier<SnapshotCut> cut, Consumer<SnapshotCut> resume, Epochs epochs) {
        this.cut = cut;
        this.resume = resume;
        this.epochs = epochs;
        this.value = StateDataset.of(NAME, new CutCodec(), cut, this::resume).counts(CursorDataset::counts);
    }

    private void resume(SnapshotCut restored) {
        resume.accept(restored.resumedIn(epochs.above(restored.epoch())));
    }

    private static Map<String, Long> counts(SnapshotCut present) {
        return Map.of(
                "sources",
                (long) present.cursors().size(),
                "seenEvents",
                present.dedup().sources().values().stream()
                        .mapToLong(source -> source.seen().size())
                        .sum());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String kind() {
        return value.kind();
    }

    @Override
    public Optional<Location> location() {
        return value.location();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        return value.prepare(context).map(Admitted::new);
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return value.compare(snapshot);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return new Staged(value.stage(snapshot, context));
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return new Staged(value.resume(context));
    }

    /** Cursors of another epoch than the current one rest on what a restore has undone. */
    private final class Admitted implements PreparedCapture {

        private final PreparedCapture capture;

        Admitted(PreparedCapture capture) {
            this.capture = capture;
        }

        @Override
        public FrozenView freeze() {
            epochs.current().admit(cut.get().epoch());
            return capture.freeze();
        }

        @Override
        public void close() {
            capture.close();
        }
    }

    private final class Staged implements StagedRestore {

        private final StagedRestore staged;

        Staged(StagedRestore staged) {
            this.staged = staged;
        }

        @Override
        public void swap() {
            staged.swap();
        }

        /** Also where the cut itself was never swapped: the epoch that the restore began is left, and the old one does not come back. */
        @Override
        public void rollback() {
            staged.rollback();
            SnapshotCut present = cut.get();
            if (!present.epoch().equals(epochs.current())) {
                resume(present);
            }
        }

        @Override
        public void finish() {
            staged.finish();
        }
    }
}
