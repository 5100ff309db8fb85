package dev.cairn.backup.core.restore;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Undoes a restore from its trash. It is a restore like any other, with intent, journal and commit point, whose data comes from beside the live data instead of a repository. It takes no safety
 * snapshot: what it takes the place of is trash in turn.
 */
final class TrashRollback {

    private final SnapshotRepository repository;
    private final RestoreRecords records;
    private final RestoreTrash trash;
    private final Epochs epochs;
    private final RestoreExecution.HostSide host;
    private final EventDispatcher events;
    private final InstantSource clock;

    TrashRollback(
            SnapshotRepository repository,
            RestoreRecords records,
            RestoreTrash trash,
            Epochs epochs,
            RestoreExecution.HostSide host,
            EventDispatcher events,
            InstantSource clock) {
        this.repository = repository;
        this.records = records;
        this.trash = trash;
        this.epochs = epochs;
        this.host = host;
        this.events = events;
        this.clock = clock;
    }

    /** What can be brought back; empty if the trash is not whole, or if the host has versions and nobody knows the one that the trash belongs to. */
    Optional<RestoreTrash.Image> image(PastRestore restored) {
        return trash.before(restored)
                .filter(image -> host.version().isEmpty() || image.version().isPresent());
    }

    /** The snapshot that the state before is told as: the safety snapshot, with the version of the swap; without one, something of the restore's name that no repository has. */
    SnapshotMetadata told(PastRestore restored, RestoreTrash.Image image) {
        Optional<SnapshotMetadata> safety = restored.safetySnapshot().flatMap(this::stored);
        if (safety.isEmpty()) {
            return SnapshotMetadata.builder(SnapshotId.of(restored.restoreId()), restored.startedAt())
                    .projectionVersion(image.version())
                    .build();
        }
        SnapshotMetadata known = safety.get();
        return new SnapshotMetadata(
                known.id(),
                known.sequence(),
                known.createdAt(),
                image.version(),
                known.trigger(),
                known.schedule(),
                known.label(),
                known.sizeBytes(),
                known.lineage(),
                known.parent(),
                known.safetyFor(),
                known.datasets());
    }

    private Optional<SnapshotMetadata> stored(SnapshotId id) {
        try (SnapshotReader reader = repository.read(id)) {
            return Optional.of(reader.manifest().metadata());
        } catch (SnapshotNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Swaps it back. */
    RestoreReport run(PastRestore undone, RestoreTrash.Image image, SnapshotMetadata told) {
        Instant startedAt = clock.instant();
        Duration age = Duration.between(undone.startedAt(), startedAt);
        RestoreVerdict verdict = new RestoreVerdict.Ok(age.isNegative() ? Duration.ZERO : age);
        events.publish(new BackupEvent.RestoreStarted(startedAt, told.id(), verdict, Optional.empty()));
        List<Dataset> targets = new ArrayList<>(image.old().keySet());
        RestoreExecution.Done done = new RestoreExecution(records, epochs, host, told)
                .run(
                        new TrashSource(image, undone.paths()),
                        targets,
                        Optional.empty(),
                        startedAt,
                        new CancellationToken());
        return new RestoreReport(
                done.id(),
                told,
                verdict,
                Optional.empty(),
                Optional.empty(),
                undone.datasets(),
                epochs.current(),
                startedAt,
                done.steps(),
                List.of("brought back from the trash of " + undone.restoreId()
                        + "; what was live until now is the trash of " + done.id()),
                Optional.empty(),
                undone.paths());
    }

    private record TrashSource(RestoreTrash.Image image, Map<String, List<EntryPath>> paths) implements RestoreSource {

        @Override
        public List<EntryPath> paths(String dataset) {
            return paths.getOrDefault(dataset, List.of());
        }

        @Override
        public StagedRestore stage(Dataset dataset, StageContext context) {
            OldData old = image.old().get(dataset);
            Optional<DatasetTrash> room = dataset.trash();
            if (old == null || room.isEmpty()) {
                throw new IllegalStateException("dataset " + dataset.name() + " is not in the image");
            }
            return room.get().stage(old, context);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
