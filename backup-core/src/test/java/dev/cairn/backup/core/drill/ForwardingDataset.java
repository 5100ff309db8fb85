package dev.cairn.backup.core.drill;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Another dataset, so that a test can let it answer otherwise in one point. */
class ForwardingDataset implements Dataset {

    private final Dataset other;

    ForwardingDataset(Dataset other) {
        this.other = other;
    }

    @Override
    public String name() {
        return other.name();
    }

    @Override
    public String kind() {
        return other.kind();
    }

    @Override
    public Optional<Location> location() {
        return other.location();
    }

    @Override
    public Optional<Dataset> isolated(Path folder) {
        return other.isolated(folder);
    }

    @Override
    public List<String> differences(DatasetReader snapshot) {
        return other.differences(snapshot);
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        return other.prepare(context);
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return other.compare(snapshot);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return other.stage(snapshot, context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return other.resume(context);
    }
}
