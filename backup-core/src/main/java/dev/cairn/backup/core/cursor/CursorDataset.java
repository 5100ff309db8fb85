package dev.cairn.backup.core.cursor;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's cut as a dataset: a value in memory, with one thing more. Whatever a restore does to it, forward or back, the host goes on in the current epoch.
 */
public final class CursorDataset implements Dataset {

    /** Its name; no other dataset may have it. */
    public static final String NAME = "cursors";

    private static final Logger LOG = LoggerFactory.getLogger(CursorDataset.class);

    private final Supplier<SnapshotCut> cut;
    private final Consumer<SnapshotCut> resume;
    private final Epochs epochs;
    private final StateDataset<SnapshotCut> captured;
    private final StateDataset<SnapshotCut> value;
    private boolean handedOver;

    /**
     * @param cut the cut, called inside the barrier
     * @param resume takes the cut to go on with
     */
    public CursorDataset(Supplier<SnapshotCut> cut, Consumer<SnapshotCut> resume, Epochs epochs) {
        this.cut = cut;
        this.resume = resume;
        this.epochs = epochs;
        this.captured = StateDataset.of(NAME, new CutCodec(), this::admitted, this::resume)
                .counts(CursorDataset::counts);
        this.value = StateDataset.of(NAME, new CutCodec(), cut, this::resume);
    }

    /** Cursors of another epoch than the current one rest on what a restore has undone. */
    private SnapshotCut admitted() {
        SnapshotCut present = cut.get();
        if (present != null) { // What null means is said where it is frozen.
            epochs.current().admit(present.epoch());
        }
        return present;
    }

    /** In an epoch newer than the cut's and than the host's: one that was handed its cut and died before that was recorded is handed it again. */
    private void resume(SnapshotCut restored) {
        TimelineEpoch newest = present()
                .map(SnapshotCut::epoch)
                .filter(epoch -> epoch.compareTo(restored.epoch()) > 0)
                .orElse(restored.epoch());
        handedOver = true;
        resume.accept(restored.resumedIn(epochs.above(newest)));
    }

    /** The host's cut; empty if it cannot tell, which must not keep a restore from being undone. */
    private Optional<SnapshotCut> present() {
        try {
            return Optional.ofNullable(cut.get());
        } catch (RuntimeException e) {
            LOG.warn("The host cannot tell its cursors while a restore hands them over", e);
            return Optional.empty();
        }
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
        return captured.prepare(context);
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

    /** {@inheritDoc} Nobody goes on from there, so no epoch begins. */
    @Override
    public Optional<Dataset> isolated(Path folder) {
        return value.isolated(folder);
    }

    @Override
    public Optional<DatasetTrash> trash() {
        return value.trash().map(ofValue -> new DatasetTrash() {
            @Override
            public OptionalLong bytes(OldData old) {
                return ofValue.bytes(old);
            }

            @Override
            public StagedRestore stage(OldData old, StageContext context) {
                return new Staged(ofValue.stage(old, context));
            }

            @Override
            public void remove(OldData old) {
                ofValue.remove(old);
            }
        });
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
            handedOver = false;
            staged.rollback();
            if (!handedOver) {
                present()
                        .filter(present -> !present.epoch().equals(epochs.current()))
                        .ifPresent(CursorDataset.this::resume);
            }
        }

        @Override
        public void finish() {
            staged.finish();
        }

        @Override
        public Optional<OldData> oldData() {
            return staged.oldData();
        }
    }
}
