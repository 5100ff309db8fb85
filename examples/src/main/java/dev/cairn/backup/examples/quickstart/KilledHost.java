package dev.cairn.backup.examples.quickstart;

import dev.cairn.backup.Codec;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.examples.show.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A notes service in a process of its own that goes to a chosen moment in the middle of a snapshot or of a restore, says so, and stays there until it is
 * killed. It stays inside code that belongs to the host (its codec, its hook), so Cairn is interrupted as any host may interrupt it.
 */
final class KilledHost {

    static final String GOOD = "GOOD";
    static final String KILL_ME = "KILL-ME";
    static final String IN_CREATE = "create";
    static final String IN_RESTORE = "restore";

    private static final int ENOUGH_STEPS = 150;

    private KilledHost() {}

    /** @param args the service's folder, and where to be killed */
    public static void main(String[] args) throws Exception {
        NotesPlace place = new NotesPlace(Path.of(args[0]));
        NotesBackups backups = new NotesBackups(place);
        backups.recover();
        NotesService service = new NotesService(place);
        service.open();
        if (args[1].equals(IN_CREATE)) {
            dieInCreate(service, backups);
        } else {
            dieInRestore(service, backups);
        }
    }

    private static void dieInCreate(NotesService service, NotesBackups backups) throws InterruptedException {
        StallingCodec codec = new StallingCodec(NotesBackups.sessionsCodec());
        try (SnapshotManager manager = backups.configured(service, codec).open();
                NotesWriter writer = NotesWriter.start(service)) {
            writer.awaitSteps(ENOUGH_STEPS);
            good(manager.create());
            writer.awaitSteps(ENOUGH_STEPS);
            codec.stall = true;
            manager.create();
        }
    }

    private static void dieInRestore(NotesService service, NotesBackups backups) throws InterruptedException {
        Runnable reopen = () ->
                waitForDeath("the restored data is live at step " + service.version() + ", the restore is not done");
        try (SnapshotManager manager = backups.configured(service, NotesBackups.sessionsCodec())
                        .restoreHooks(service::suspend, reopen)
                        .open();
                NotesWriter writer = NotesWriter.start(service)) {
            writer.awaitSteps(ENOUGH_STEPS);
            SnapshotMetadata snapshot = manager.create();
            good(snapshot);
            writer.awaitSteps(ENOUGH_STEPS);
            manager.restore(manager.plan(RestoreRequest.of(snapshot.id())));
        }
    }

    private static void good(SnapshotMetadata snapshot) {
        System.out.println(
                GOOD + " " + snapshot.id() + " " + snapshot.projectionVersion().orElseThrow());
    }

    /** Ends with the parent: its death closes this process's input. */
    private static void waitForDeath(String where) {
        System.out.println(KILL_ME + " " + where);
        ChildJvm.awaitParentsEnd();
        Runtime.getRuntime().halt(3);
    }

    /** Writes sessions as the real one does, until it is told to stall: then the database and the files are stored, and the manifest is not. */
    private static final class StallingCodec implements Codec<Sessions> {

        private final Codec<Sessions> real;
        private volatile boolean stall;

        StallingCodec(Codec<Sessions> real) {
            this.real = real;
        }

        @Override
        public String fileName() {
            return real.fileName();
        }

        @Override
        public int schemaVersion() {
            return real.schemaVersion();
        }

        @Override
        public void encode(Sessions value, OutputStream out) throws IOException {
            if (stall) {
                waitForDeath("database and files of step " + value.counter() + " are stored, the manifest is not");
            }
            real.encode(value, out);
        }

        @Override
        public Sessions decode(InputStream in, int storedVersion) throws IOException {
            return real.decode(in, storedVersion);
        }
    }
}
