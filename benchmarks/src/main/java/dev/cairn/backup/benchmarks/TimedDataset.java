package dev.cairn.backup.benchmarks;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.util.Optional;

/**
 * A dataset with a watch on its prepare and its freeze.
 *
 * @param dataset the real one
 * @param prepared how long each prepare took
 * @param frozen how long each freeze took
 */
record TimedDataset(Dataset dataset, Samples prepared, Samples frozen) implements Dataset {

    TimedDataset(Dataset dataset) {
        this(dataset, new Samples(), new Samples());
    }

    /** Forgets what was measured so far. */
    void forget() {
        prepared.clear();
        frozen.clear();
    }

    @Override
    public String name() {
        return dataset.name();
    }

    @Override
    public String kind() {
        return dataset.kind();
    }

    @Override
    public Optional<Location> location() {
        return dataset.location();
    }

    @Override
    public boolean isOptional() {
        return dataset.isOptional();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        long start = System.nanoTime();
        Optional<PreparedCapture> capture = dataset.prepare(context);
        prepared.add(System.nanoTime() - start);
        return capture.map(Timed::new);
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return dataset.compare(snapshot);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return dataset.stage(snapshot, context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return dataset.resume(context);
    }

    private final class Timed implements PreparedCapture {

        private final PreparedCapture capture;

        Timed(PreparedCapture capture) {
            this.capture = capture;
        }

        @Override
        public FrozenView freeze() {
            long start = System.nanoTime();
            FrozenView view = capture.freeze();
            frozen.add(System.nanoTime() - start);
            return view;
        }

        @Override
        public void close() {
            capture.close();
        }
    }
}
