package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.Barrier;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.SnapshotReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The promise: file, row and object are those of one instant in every restored snapshot, while the host never stops writing. */
class OneInstantTest {

    private static final int SNAPSHOTS = 6;
    private static final Duration STAMP_MARGIN = Duration.ofSeconds(3);

    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FUZZY")
    void fileRowAndObjectAgreeInEveryRestoredSnapshot(Consistency mode) throws Exception {
        try (CounterHost host = new CounterHost(temp.resolve("host"), mode);
                SnapshotManager backups = manager(host, host::whileQuiet)) {
            host.start();
            List<SnapshotId> taken = new ArrayList<>();
            for (int i = 0; i < SNAPSHOTS; i++) {
                host.awaitTicks(3);
                taken.add(backups.create().id());
            }
            host.stop();
            long last = host.counters().row();
            long previous = 0;
            for (SnapshotId id : taken) {
                backups.restore(backups.plan(RestoreRequest.of(id)));
                CounterHost.Counters restored = host.counters();
                assertTrue(restored.agree(), () -> id + " holds " + restored);
                assertTrue(restored.row() > previous && restored.row() <= last, () -> id + " holds " + restored);
                previous = restored.row();
            }
        }
    }

    @Test
    void withoutConsistencyTheManifestListsTheFilesThatChangedAfterTheCut() throws Exception {
        try (CounterHost host = new CounterHost(temp.resolve("host"), Consistency.FUZZY);
                SnapshotManager backups = manager(
                        host,
                        action -> host.whileQuiet(() -> {
                            action.run();
                            host.tick(); // The writer may not get to run before the file is read.
                        }))) {
            Thread.sleep(
                    STAMP_MARGIN
                            .toMillis()); // The files that do not change are older than any file system's granularity.
            host.start();
            for (int i = 0; i < SNAPSHOTS; i++) {
                host.awaitTicks(3);
                SnapshotId id = backups.create().id();
                try (SnapshotReader reader = BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository")))
                        .read(id)) {
                    List<String> changed = reader.manifest().changedAfterCut().getOrDefault("files", List.of());
                    assertTrue(changed.contains("deep/counter"), () -> id + " lists " + changed);
                    assertTrue(
                            changed.stream().noneMatch(path -> path.contains("still-")),
                            () -> id + " lists files that did not change: " + changed);
                }
            }
            host.stop();
            assertEquals(SNAPSHOTS, backups.list().size());
        }
    }

    private SnapshotManager manager(CounterHost host, Barrier barrier) {
        return Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository"))))
                .state(FileBlobStore.at(temp.resolve("state")))
                .datasets(host.datasets())
                .barrier(barrier)
                .restoreHooks(host::disconnect, host::connect)
                .maxAge(Duration.ofHours(1))
                .open();
    }
}
