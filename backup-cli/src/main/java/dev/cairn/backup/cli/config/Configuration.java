package dev.cairn.backup.cli.config;

import dev.cairn.backup.Retention;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FileScratch;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a configuration file says. Immutable; paths are absolute. Having one touches nothing.
 *
 * @param file the file it was read from
 * @param repository where snapshots live
 * @param state where the engine keeps what it must remember
 * @param scratch local room for temporary copies; empty for that of the state store
 * @param audit the folder of the audit log; empty for none
 * @param host the application that embeds Cairn on the same state, and how to tell that it runs; empty if none does
 * @param maxAge the greatest age of a snapshot that a restore accepts without approval
 * @param naming how ids are made
 * @param datasets those on disk, at least one
 * @param hostDatasets those that only the host has
 * @param schedules recurring snapshots
 * @param keepManual which manual snapshots are kept
 * @param objectives what is promised
 */
public record Configuration(
        Path file,
        RepositorySettings repository,
        Path state,
        Optional<Path> scratch,
        Optional<Path> audit,
        Optional<HostProcess> host,
        Duration maxAge,
        SnapshotNaming naming,
        List<Dataset> datasets,
        List<HostDataset> hostDatasets,
        List<Schedule> schedules,
        Retention keepManual,
        List<Promise> objectives) {

    /** Copies the lists. */
    public Configuration {
        datasets = List.copyOf(datasets);
        hostDatasets = List.copyOf(hostDatasets);
        schedules = List.copyOf(schedules);
        objectives = List.copyOf(objectives);
    }

    /**
     * Reads and checks a file. Touches nothing that it names.
     *
     * @throws InvalidConfigurationException if it cannot be right; it tells every mistake with its place
     * @throws dev.cairn.backup.ConfigurationException if the file cannot be read
     */
    public static Configuration read(Path file) {
        return new ConfigurationFile(file).read();
    }

    /** The state store; a new object at each call. */
    public BlobStore stateStore() {
        return FileBlobStore.at(state);
    }

    /** A builder with everything but the schedules, the audit log and the datasets of the host; a new one at each call. */
    public CairnBuilder builder() {
        CairnBuilder builder = Cairn.builder()
                .repository(repository.repository())
                .state(stateStore())
                .datasets(datasets)
                .maxAge(maxAge)
                .naming(naming)
                .manualRetention(keepManual);
        scratch.ifPresent(folder -> builder.scratch(FileScratch.at(folder)));
        objectives.forEach(promise -> builder.objective(promise.datasets(), promise.objective()));
        return builder;
    }
}
