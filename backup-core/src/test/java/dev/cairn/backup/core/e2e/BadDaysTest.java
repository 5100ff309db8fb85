package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users and disks do wrong, with real files: a typed error that says what to do, nothing lost and nothing half done. */
class BadDaysTest {

    @TempDir
    Path temp;

    @Test
    void anUnknownIdIsNamed() throws IOException {
        try (SnapshotManager backups = small().configure().open()) {
            SnapshotId unknown = SnapshotId.of("snap-99");
            for (Runnable call : List.<Runnable>of(
                    () -> backups.get(unknown),
                    () -> backups.plan(RestoreRequest.of(unknown)),
                    () -> backups.verify(unknown),
                    () -> backups.pin(unknown, "why"),
                    () -> backups.delete(unknown))) {
                String message =
                        assertThrows(SnapshotNotFoundException.class, call::run).getMessage();
                assertTrue(message.contains("snap-99") && message.contains("list()"), message);
            }
        }
    }

    @Test
    void anIdThatIsAPathIsRefused() {
        for (String id : List.of("../x", "a/b", "a\\b", "..", "/etc", "C:x", "a..b", "", "nul", "x.")) {
            String message = assertThrows(InvalidValueException.class, () -> SnapshotId.of(id))
                    .getMessage();
            assertTrue(message.contains("'" + id + "'"), message);
        }
    }

    @Test
    void aTargetThatCannotBeWrittenLeavesEverythingAsItWas() throws IOException {
        SmallHost host = small();
        SnapshotId taken;
        try (SnapshotManager backups = host.configure().open()) {
            taken = backups.create().id();
        }
        Path moved = Files.move(host.data(), temp.resolve("moved"));
        Files.writeString(host.data(), "a file where the folder was");
        try (SnapshotManager backups = host.configure().open()) {
            assertThrows(BackupException.class, () -> backups.restore(backups.plan(RestoreRequest.of(taken))));
        }
        assertEquals("a file where the folder was", Files.readString(host.data()));
        assertEquals("first", host.memory.text());
        assertTrue(Files.exists(moved.resolve("replaced")));
    }

    @Test
    void aDiskThatIsFullWhileASnapshotIsWrittenLeavesNothingListedAndTheNextSucceeds() throws IOException {
        small();
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("host"));
        SmallHost host = new SmallHost(disk.root());
        host.memory = new SmallHost.Memory("first");
        try (SnapshotManager backups = host.configure().open()) {
            backups.create();
            int failures = 0;
            for (int write = 1; ; write++) {
                int before = backups.list().size();
                disk.fullAtWrite(write);
                try {
                    backups.create();
                    break; // The disk was large enough.
                } catch (StoreException e) {
                    failures++;
                    assertEquals(StoreException.Reason.FULL, e.reason(), e::getMessage);
                } finally {
                    disk.heal();
                }
                assertEquals(before, backups.list().size());
            }
            assertTrue(failures > 5, "the disk was full at " + failures + " writes");
            SnapshotMetadata next = backups.create();
            assertTrue(backups.verify(next.id()).passed());
            assertEquals(backups.list().size(), ids(backups).size());
        }
    }

    @Test
    void aDiskThatIsFullWhileARestoreIsStagedLeavesTheOldStateIntact() throws IOException {
        SmallHost plain = small();
        SnapshotId taken;
        try (SnapshotManager backups = plain.configure().open()) {
            taken = backups.create().id();
        }
        Map<String, String> whenFirst = SmallHost.tree(plain.data());
        plain.writeSecond();
        Map<String, String> whenSecond = SmallHost.tree(plain.data());
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("host"));
        SmallHost host = new SmallHost(disk.root());
        host.memory = plain.memory;
        try (SnapshotManager backups = host.configure().open()) {
            int failures = 0;
            for (int write = 1; ; write++) {
                disk.fullAtWrite(write);
                try {
                    backups.restore(backups.plan(RestoreRequest.of(taken)));
                    break;
                } catch (BackupException e) {
                    failures++;
                    assertFalse(e instanceof RestoreFailedException failed && !failed.rolledBack(), e::getMessage);
                } finally {
                    disk.heal();
                }
                assertEquals(whenSecond, SmallHost.tree(plain.data()));
                assertEquals("second", host.memory.text());
            }
            assertTrue(failures > 3, "the disk was full at " + failures + " writes");
        }
        assertEquals(whenFirst, SmallHost.tree(plain.data()));
        assertEquals("first", host.memory.text());
    }

    @Test
    void aSourceThatVanishesInTheMiddleFailsTheSnapshotAsAWhole() throws IOException {
        SmallHost host = small();
        Path folder = host.data();
        for (int i = 0; i < 200; i++) {
            Files.writeString(
                    folder.resolve("many-" + i),
                    "more than are pinned at a freeze, which would be captured all the same");
        }
        CairnBuilder configuration = host.configure().barrier(action -> {
            action.run();
            deleteTree(folder); // After the freeze and before anything is read.
        });
        try (SnapshotManager backups = configuration.open()) {
            BackupException failure = assertThrows(BackupException.class, backups::create);
            assertTrue(failure.getMessage().contains("files"), failure::getMessage);
            assertEquals(List.of(), backups.list());
            assertThrows(SourceException.class, backups::create);
        }
    }

    @Test
    void emptySnapshotsAfterFullOnesPushNothingOut() throws IOException {
        SmallHost host = small();
        try (SnapshotManager backups =
                host.configure().manualRetention(Retention.keepLast(2)).open()) {
            SnapshotId good = backups.create().id();
            deleteTree(host.data());
            Files.createDirectories(host.data());
            for (int i = 0; i < 5; i++) {
                assertFalse(backups.create(SnapshotRequest.of()).suspicions().isEmpty());
                backups.prune();
            }
            assertTrue(ids(backups).contains(good.value()), () -> "left are " + ids(backups));
            assertEquals(5, backups.health().suspects().size());
            backups.restore(backups.plan(RestoreRequest.of(good)));
            assertEquals("first", Files.readString(host.data().resolve("replaced")));
        }
    }

    @Test
    void aFolderThatARestoreMadeAnewIsNotSuspect() throws IOException {
        SmallHost host = small();
        try (SnapshotManager backups = host.configure().open()) {
            SnapshotId good = backups.create().id();
            deleteTree(host.data());
            backups.restore(backups.plan(RestoreRequest.of(good)));
            assertEquals(List.of(), backups.create(SnapshotRequest.of()).suspicions());
            Files.move(host.data(), temp.resolve("moved"));
            host.writeFirst();
            assertFalse(backups.create(SnapshotRequest.of()).suspicions().isEmpty(), "another folder in its place");
        }
    }

    @Test
    void aRestoreWhoseLastDatasetFailsLeavesAllAsTheyWere() throws Exception {
        try (CounterHost host = new CounterHost(temp.resolve("host"), Consistency.IMMUTABLE);
                SnapshotManager backups = withHooks(host, host::disconnect)) {
            host.tick();
            SnapshotId taken = backups.create().id();
            host.tick();
            CounterHost.Counters before = host.counters();
            // A second process of the host's has the database open, so the last dataset refuses its swap.
            try (Connection forgotten = open(host.database())) {
                assertThrows(
                        DatasetInUseException.class, () -> backups.restore(backups.plan(RestoreRequest.of(taken))));
                assertEquals(before, host.counters());
                try (Statement statement = forgotten.createStatement()) {
                    statement.execute("update counter set n = n + 100");
                }
            }
            assertEquals(before.row() + 100, host.counters().row());
        }
    }

    @Test
    void commitsOfAHostThatForgotToCloseItsPoolAreNeverLost() throws Exception {
        try (CounterHost host = new CounterHost(temp.resolve("host"), Consistency.IMMUTABLE);
                SnapshotManager backups = withHooks(host, () -> {})) {
            host.tick();
            SnapshotId taken = backups.create().id();
            host.tick();
            assertThrows(DatasetInUseException.class, () -> backups.restore(backups.plan(RestoreRequest.of(taken))));
            host.tick();
            assertEquals(new CounterHost.Counters(3, 3, 3), host.counters());
        }
    }

    @Test
    void twoProcessesOnOneRepositoryNeverShareAnId() throws Exception {
        // One lineage: both with the same state store. Two lineages: each with its own.
        for (boolean oneLineage : List.of(true, false)) {
            Path shared = temp.resolve(oneLineage ? "one" : "two");
            try (ChildJvm a = new ChildJvm(shared, "share", "a:" + (oneLineage ? "state" : "state-a"));
                    ChildJvm b = new ChildJvm(shared, "share", "b:" + (oneLineage ? "state" : "state-b"))) {
                a.await("FINISHED"::equals);
                b.await("FINISHED"::equals);
                List<String> acknowledged = new ArrayList<>(a.said("ACK "));
                acknowledged.addAll(b.said("ACK "));
                assertEquals(
                        2 * KilledHost.SHARED_SNAPSHOTS,
                        Set.copyOf(acknowledged).size());
                try (SnapshotManager backups = Cairn.builder()
                        .repository(BrowsableRepository.at(FileBlobStore.at(shared.resolve("repository"))))
                        .state(FileBlobStore.at(shared.resolve(oneLineage ? "state" : "state-a")))
                        .dataset(FilesDataset.of("files", shared.resolve("host-a/data")))
                        .open()) {
                    Set<String> all =
                            backups.listAll().stream().map(s -> s.id().value()).collect(Collectors.toSet());
                    assertEquals(Set.copyOf(acknowledged), all);
                    assertEquals(
                            all.size(),
                            backups.listAll().stream()
                                    .map(SnapshotMetadata::sequence)
                                    .distinct()
                                    .count());
                    assertEquals(
                            oneLineage ? all.size() : all.size() / 2,
                            backups.list().size());
                    for (SnapshotMetadata snapshot : backups.listAll()) {
                        assertEquals(List.of(), backups.verify(snapshot.id()).problems());
                    }
                }
            }
        }
    }

    private SmallHost small() throws IOException {
        SmallHost host = new SmallHost(temp.resolve("host"));
        host.writeFirst();
        return host;
    }

    private SnapshotManager withHooks(CounterHost host, Runnable before) {
        return Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository"))))
                .state(FileBlobStore.at(temp.resolve("state")))
                .datasets(host.datasets())
                .barrier(host::whileQuiet)
                .restoreHooks(before, host::reconnect)
                .maxAge(Duration.ofHours(1))
                .open();
    }

    private static Connection open(Path database) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select * from counter");
        }
        return connection;
    }

    private static Set<String> ids(SnapshotManager backups) {
        return backups.list().stream().map(snapshot -> snapshot.id().value()).collect(Collectors.toSet());
    }

    private static void deleteTree(Path root) {
        CounterHost.deleteTree(root);
    }
}
