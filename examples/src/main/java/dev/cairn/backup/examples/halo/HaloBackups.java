package dev.cairn.backup.examples.halo;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.Dataset;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** How HALO embeds Cairn: all of it. Backups are plain files that a parent can look into. */
final class HaloBackups {

    /** A family goes back to whatever it has kept: age is the operator's business here. */
    private static final Duration ANY_AGE = Duration.ofDays(36_500);

    private final HaloHome home;
    private final HouseLock lock;
    private final InstantSource clock;

    HaloBackups(HaloHome home, HouseLock lock, InstantSource clock) {
        this.home = home;
        this.lock = lock;
        this.clock = clock;
    }

    /** Each path of the runbook is a dataset. A path that does not exist yet is no failure. */
    private List<Dataset> datasets() {
        return List.of(
                files("config").consistency(Consistency.IMMUTABLE),
                files("memory").consistency(Consistency.APPEND_ONLY),
                files("sessions").consistency(Consistency.IMMUTABLE),
                files("transcripts").consistency(Consistency.APPEND_ONLY),
                files("logs").consistency(Consistency.APPEND_ONLY).exclude(HaloHome.TRAILS.toArray(String[]::new)));
    }

    private FilesDataset files(String path) {
        return FilesDataset.of(path, home.path(path)).optional();
    }

    private FileBlobStore state() {
        return FileBlobStore.at(home.state());
    }

    /** The audit log with its two trails. */
    AuditLog openAudit() {
        AuditLog chained = FileAuditLog.at(home.audit(), state()).clock(clock).open();
        return new Trails(chained, new TrailFiles(home.audit(), home.path("logs")));
    }

    /** First of all: ends a restore that a crash cut short. */
    boolean recover(AuditLog audit) {
        return !Cairn.recoverPending(state(), datasets(), audit).nothingPending();
    }

    /** What the control plane opens. */
    CairnBuilder configured(AuditLog audit, BackupNames names) {
        return Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(home.backups())))
                .state(state())
                .datasets(datasets())
                .barrier(lock::whileQuiet)
                .restoreHooks(lock::sendOut, lock::letIn)
                .naming((sequence, now, label, attempt) -> names.next())
                .maxAge(ANY_AGE)
                .clock(clock)
                .audit(audit);
    }
}
