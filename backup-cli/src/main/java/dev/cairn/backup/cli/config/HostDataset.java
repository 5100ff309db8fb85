package dev.cairn.backup.cli.config;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.util.List;
import java.util.Optional;

/**
 * Live objects that only the running host has. They can be listed and verified; what a restore brings back of them waits in the state store for the host's next start, and no snapshot can be taken of
 * them from here.
 *
 * @param name the dataset's name
 * @param kind the dataset's kind, as its snapshots name it
 */
public record HostDataset(String name, String kind) implements Dataset {

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        throw onlyTheHost();
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return new DatasetPlan(
                name,
                "memory of the host, at its next start",
                0,
                1,
                0,
                0,
                snapshot.summary().bytes(),
                List.of("replace " + name),
                List.of());
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        throw onlyTheHost();
    }

    @Override
    public StagedRestore resume(StageContext context) {
        throw onlyTheHost();
    }

    private SourceException onlyTheHost() {
        return new SourceException(
                name, "it is in the memory of the host, which is not this process", "Ask the host itself", null);
    }
}
