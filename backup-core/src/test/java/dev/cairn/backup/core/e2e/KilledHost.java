package dev.cairn.backup.core.e2e;

import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.Retention;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.RestoreScope;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.ForwardingDataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A host in a process of its own, to be killed. It says on its standard output which phase it enters; at the phase named by its third argument it stops
 * and waits for its end, at others it goes on.
 */
final class KilledHost {

    static final List<String> CREATE_PHASES = List.of("prepare", "freeze", "write", "commit", "prune");
    static final List<String> RESTORE_PHASES =
            List.of("intent", "stage", "release", "swap", "take-up", "callback", "done", "finish");

    /** Of a recovery: taking back what was begun, or ending what was done. */
    static final List<String> RECOVERY_PHASES = List.of("undo", "finish");

    static final int SHARED_SNAPSHOTS = 8;

    private final Path home;
    private final Phases phases;
    private final CounterHost host;

    private KilledHost(Path home, String stopAt) throws Exception {
        this.home = home;
        this.phases = new Phases(stopAt);
        this.host = new CounterHost(home.resolve("host"), Consistency.IMMUTABLE);
    }

    /** Arguments: home, what to do, and the phase to stop at or "none"; for "share" a name and the folder of its state store. */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        switch (args[1]) {
            case "create" -> new KilledHost(home, args[2]).createForEver();
            case "restore" -> new KilledHost(home, args[2]).restore();
            case "rollback" -> new KilledHost(home, args[2]).rollBack();
            case "recover" -> recover(home, args[2]);
            case "serve" -> new KilledHost(home, args[2]).serveUntilTold();
            case "share" -> share(home, args[2]);
            default -> throw new IllegalArgumentException(args[1]);
        }
    }

    private void createForEver() {
        SnapshotManager backups = manager().open();
        host.start();
        while (true) {
            say("ACK " + backups.create().id());
            backups.prune();
        }
    }

    private void restore() {
        restore(manager().open(), true);
        say("RESTORED");
        park();
    }

    /** Takes a restore back that nobody has disturbed. */
    private void rollBack() {
        SnapshotManager backups = manager().open();
        phases.quiet = true;
        RestoreReport report = restore(backups, false);
        phases.quiet = false;
        say("OLD " + host.counters().row() + " NEW " + (host.counters().row() + 2));
        backups.rollback(report);
        say("RESTORED");
        park();
    }

    /** Ends what a process before left of a restore. */
    private static void recover(Path home, String stopAt) {
        Phases phases = new Phases(stopAt);
        List<Dataset> onDisk = CounterHost.onDisk(home.resolve("host"), Consistency.IMMUTABLE).stream()
                .map(dataset -> (Dataset) new Watched(dataset, phases))
                .toList();
        say("RECOVERED " + Cairn.recoverPending(FileBlobStore.at(home.resolve("state")), onDisk));
        park();
    }

    private RestoreReport restore(SnapshotManager backups, boolean told) {
        host.tick();
        SnapshotId target = backups.create().id();
        long fresh = host.counters().row();
        host.tick();
        host.tick();
        if (told) {
            say("OLD " + host.counters().row() + " NEW " + fresh);
        }
        return backups.restore(backups.plan(RestoreRequest.of(target)));
    }

    /** One of two processes with one repository: takes its snapshots as fast as it can. */
    private static void share(Path home, String nameAndState) throws Exception {
        String[] parts = nameAndState.split(":");
        try (CounterHost host = new CounterHost(home.resolve("host-" + parts[0]), Consistency.IMMUTABLE);
                SnapshotManager backups = Cairn.builder()
                        .repository(BrowsableRepository.at(FileBlobStore.at(home.resolve("repository"))))
                        .state(FileBlobStore.at(home.resolve(parts[1])))
                        .datasets(host.datasets())
                        .barrier(host::whileQuiet)
                        .open()) {
            for (int i = 0; i < SHARED_SNAPSHOTS; i++) {
                host.tick();
                say("ACK " + backups.create().id());
            }
        }
        say("FINISHED");
    }

    private void serveUntilTold() {
        manager()
                .onShutdown(ShutdownPolicy.snapshotWithin(Duration.ofMinutes(2)).withJvmHook())
                .open();
        host.start();
        say("SERVING");
        park();
    }

    private CairnBuilder manager() {
        return Cairn.builder()
                .repository(BrowsableRepository.at(watched("repository")))
                .state(watched("state"))
                .datasets(host.datasets().stream()
                        .map(dataset -> new Watched(dataset, phases))
                        .toList())
                .barrier(action -> host.whileQuiet(() -> {
                    enter("freeze");
                    action.run();
                }))
                .restoreHooks(
                        () -> {
                            enter("release");
                            host.disconnect();
                        },
                        () -> {
                            enter("take-up");
                            host.connect();
                        })
                .onRestored(snapshot -> enter("callback"))
                .manualRetention(Retention.keepLast(2))
                .maxAge(Duration.ofHours(1));
    }

    private BlobStore watched(String name) {
        return FaultyBlobStore.over(FileBlobStore.at(home.resolve(name))).onCall(call -> {
            boolean put = call.operation() == FaultyBlobStore.Operation.PUT;
            if (put && call.name().contains("/snapshot/")) {
                enter("write");
            } else if (put && call.name().endsWith("/manifest.json")) {
                enter("commit");
            } else if (put && call.name().endsWith("/intent")) {
                enter("intent");
            } else if (put && call.name().endsWith("/outcome")) {
                enter("done");
            } else if (call.operation() == FaultyBlobStore.Operation.DELETE
                    && call.name().contains("/snapshot/")) {
                enter("prune");
            }
        });
    }

    private void enter(String phase) {
        phases.enter(phase);
    }

    /** Says which phase is entered, and stays in one of them for ever. */
    private static final class Phases {

        private final String stopAt;
        private volatile boolean quiet;

        Phases(String stopAt) {
            this.stopAt = stopAt;
        }

        void enter(String phase) {
            if (quiet) {
                return;
            }
            say("PHASE " + phase);
            if (phase.equals(stopAt)) {
                park();
            }
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void park() {
        while (true) {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                // Only a kill ends it.
            }
        }
    }

    private static final class Watched extends ForwardingDataset {

        private final Phases phases;

        Watched(Dataset dataset, Phases phases) {
            super(dataset);
            this.phases = phases;
        }

        @Override
        public Optional<PreparedCapture> prepare(CaptureContext context) {
            phases.enter("prepare");
            return super.prepare(context);
        }

        @Override
        public StagedRestore stage(DatasetReader snapshot, StageContext context) {
            phases.enter("stage");
            return new WatchedRestore(super.stage(snapshot, context), phases);
        }

        @Override
        public StagedRestore stage(DatasetReader snapshot, StageContext context, RestoreScope scope) {
            phases.enter("stage");
            return new WatchedRestore(super.stage(snapshot, context, scope), phases);
        }

        @Override
        public StagedRestore resume(StageContext context) {
            return new WatchedRestore(super.resume(context), phases);
        }

        @Override
        public Optional<DatasetTrash> trash() {
            return super.trash().map(trash -> new WatchedTrash(trash, phases));
        }
    }

    private record WatchedTrash(DatasetTrash trash, Phases phases) implements DatasetTrash {

        @Override
        public OptionalLong bytes(OldData old) {
            return trash.bytes(old);
        }

        @Override
        public StagedRestore stage(OldData old, StageContext context) {
            phases.enter("stage");
            return new WatchedRestore(trash.stage(old, context), phases);
        }

        @Override
        public void remove(OldData old) {
            trash.remove(old);
        }
    }

    private record WatchedRestore(StagedRestore staged, Phases phases) implements StagedRestore {

        @Override
        public void swap() {
            phases.enter("swap");
            staged.swap();
        }

        @Override
        public void rollback() {
            phases.enter("undo");
            staged.rollback();
        }

        @Override
        public void finish() {
            phases.enter("finish");
            staged.finish();
        }

        @Override
        public Optional<OldData> oldData() {
            return staged.oldData();
        }
    }
}
