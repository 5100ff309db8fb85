package dev.cairn.backup.examples.factory.backups;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.factory.govern.AlertSystem;
import dev.cairn.backup.examples.factory.govern.RuntimeLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** Backups that an operator asks for, the archive that follows each daily one, and what the log and the alerts are told of backups. Thread-safe. */
public final class Maintenance implements BackupListener {

    private final FactoryBackups embedded;
    private final ProofArchives archives;
    private final AlertSystem alerts;
    private final RuntimeLog log;
    private final InstantSource clock;

    /** Maintenance of a factory. */
    public Maintenance(
            FactoryBackups embedded, ProofArchives archives, AlertSystem alerts, RuntimeLog log, InstantSource clock) {
        this.embedded = embedded;
        this.archives = archives;
        this.alerts = alerts;
        this.log = log;
        this.clock = clock;
    }

    /** Takes a backup now. One of kind daily has its archive when this returns. */
    public SnapshotMetadata run(SnapshotManager backups, Kind kind) throws IOException {
        SnapshotMetadata taken = backups.create(
                        SnapshotRequest.of().label(kind.label()).datasets(kind.datasets()))
                .metadata();
        if (kind == Kind.DAILY) {
            archive(taken.id());
        }
        return taken;
    }

    /** Takes the proofs of recoveries into a backup that no retention removes. */
    public SnapshotMetadata keepRecoveryProofs(SnapshotManager backups) {
        return backups.create(SnapshotRequest.of()
                        .label(FactoryBackups.RECOVERY)
                        .datasets(DatasetSelection.only(Datasets.RECOVERY)))
                .metadata();
    }

    private void archive(SnapshotId snapshot) throws IOException {
        try (PackedRepository repository = embedded.repository()) {
            archives.write(repository, snapshot);
        }
        archives.prune(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    }

    @Override
    public void onEvent(BackupEvent event) {
        Instant now = clock.instant();
        try {
            log.line(now, event.describe());
            if (event.severity().compareTo(AlertSeverity.DEGRADED) >= 0) {
                alerts.raise("backup", event.describe());
            }
            if (event instanceof BackupEvent.SnapshotCompleted completed
                    && completed.report().metadata().schedule().equals(Optional.of(Kind.DAILY.label()))) {
                archive(completed.report().metadata().id());
            }
        } catch (IOException | BackupException e) {
            failed(now, e);
        }
    }

    private void failed(Instant now, Exception failure) {
        try {
            log.line(now, "what follows a backup has failed: " + failure);
            alerts.raise("backup", "what follows a backup has failed: " + failure.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
