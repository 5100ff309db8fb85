package dev.cairn.backup.testkit;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.LiveTarget;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.RestoreScope;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Another dataset in every point, so that a test can let it answer otherwise in one. As thread-safe as the other. */
public class ForwardingDataset implements Dataset {

    private final Dataset other;

    /** @param other who answers */
    public ForwardingDataset(Dataset other) {
        this.other = Objects.requireNonNull(other, "other");
    }

    /** Who answers. */
    protected final Dataset other() {
        return other;
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
    public boolean isOptional() {
        return other.isOptional();
    }

    @Override
    public Optional<ContinuousSource> continuousSource() {
        return other.continuousSource();
    }

    @Override
    public Optional<DatasetTrash> trash() {
        return other.trash();
    }

    @Override
    public Optional<LiveTarget> liveTarget() {
        return other.liveTarget();
    }

    @Override
    public boolean restoresPaths() {
        return other.restoresPaths();
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
    public DatasetPlan compare(DatasetReader snapshot, RestoreScope scope) {
        return other.compare(snapshot, scope);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return other.stage(snapshot, context);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context, RestoreScope scope) {
        return other.stage(snapshot, context, scope);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return other.resume(context);
    }
}
