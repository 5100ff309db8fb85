package dev.cairn.backup.examples.agtmux.daemon;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.agtmux.HostSettings;
import dev.cairn.backup.examples.agtmux.state.Projection;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FileScratch;
import dev.cairn.backup.fs.KeyFile;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import java.util.List;

/**
 * How the daemon embeds Cairn: all of it.
 *
 * @param settings where things are, and the policy
 */
public record AgtmuxBackups(HostSettings settings) {

    /** The dataset's name. */
    public static final String STATE = "state";

    /** The tables that go back; the catalogue, the ids and the audit trail do not. */
    SqliteTablesDataset tables() {
        return SqliteTablesDataset.of(STATE, settings.database(), Projection.RESTORED)
                .countedAs("session_state_v2", "sessions")
                .countedAs("pane_state_v2", "panes");
    }

    /** What the engine must remember: a store of its own, on the host's disk. */
    public FileBlobStore state() {
        return FileBlobStore.at(settings.data().resolve("backup-state"));
    }

    private PackedRepository repository() {
        return PackedRepository.at(
                FileBlobStore.at(settings.vault().resolve("backups")),
                KeyFile.at(settings.vault().resolve("backup.key")));
    }

    /** A demonstration has nothing to lose; in earnest make a recovery code, print it, lock it away and confirm it. */
    public void settleRecovery() {
        try (PackedRepository repository = repository()) {
            repository.keys().declineRecovery("example", "a demonstration in a temporary folder");
        }
    }

    AuditLog audit(FileBlobStore state) {
        return FileAuditLog.at(settings.data().resolve("audit"), state)
                .clock(settings.time().clock())
                .open();
    }

    /** First of all at each start: finishes or undoes a restore that a crash cut short. */
    void recoverPending(AuditLog audit) {
        try (FileBlobStore state = state()) {
            Cairn.recoverPending(state, List.of(tables()), audit);
        }
    }

    /**
     * What the daemon opens. Its schedules are run by the daemon, because the first snapshot is due at once, and the projection learns its epoch only from the manager.
     *
     * @param restored told when the tables are the snapshot's
     */
    CairnBuilder configured(Projection projection, AuditLog audit, BackupListener listener, Runnable restored) {
        CairnBuilder builder = Cairn.builder()
                .repository(repository())
                .state(state())
                .scratch(FileScratch.at(settings.data().resolve("backup-scratch")))
                .dataset(tables())
                .barrier(projection::whileQuiet)
                .projectionVersion(projection::version)
                .naming(SnapshotNaming.sequential())
                .cursors(projection::cut, projection::resume)
                .restoreHooks(projection::letGo, projection::takeUp)
                .onRestored(snapshot -> restored.run())
                .restoreCheck(
                        "the version is the snapshot's",
                        snapshot -> projection.version()
                                == snapshot.projectionVersion().orElse(-1))
                .restoreCheck(
                        "sessions and panes are as many as the snapshot has", snapshot -> counted(snapshot, projection))
                .policy(settings.policy())
                .clock(settings.time().clock())
                .ticker(settings.time().ticker())
                .audit(audit)
                .listener(listener)
                .schedulesRunByHost();
        return settings.time().virtual() ? builder.callerThreadsOnly() : builder;
    }

    private static boolean counted(SnapshotMetadata snapshot, Projection projection) {
        return snapshot.counts().getOrDefault("sessions", -1L) == projection.sessions()
                && snapshot.counts().getOrDefault("panes", -1L) == projection.panes();
    }
}
