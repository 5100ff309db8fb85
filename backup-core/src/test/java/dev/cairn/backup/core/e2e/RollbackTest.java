package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.TrashItem;
import dev.cairn.backup.TrashRetention;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that are taken back, from their trash while it is kept and from the safety snapshot after that. */
class RollbackTest {

    /** A rollback changes the disk some hundred times, state store included; every so many of them is made to fail. */
    private static final int STRIDE = 29;

    @TempDir
    Path temp;

    private static RestoreReport restore(SnapshotManager backups, SnapshotId id) {
        return backups.restore(backups.plan(RestoreRequest.of(id)));
    }

    @Test
    void theTrashHoldsTheStateOfTheSwapWhichIsNewerThanTheSafetySnapshot() throws IOException {
        MixedHost host = new MixedHost(temp);
        host.say("first");
        boolean[] busy = {true};
        try (SnapshotManager backups = host.configure()
                .restoreHooks(
                        () -> {
                            if (busy[0]) {
                                sayQuietly(host, "last words");
                            }
                        },
                        () -> {})
                .open()) {
            SnapshotId first = backups.create().id();
            Map<String, String> whenFirst = host.told();
            host.say("second");
            RestoreReport report = restore(backups, first);
            busy[0] = false;
            assertEquals(whenFirst, host.told());
            assertEquals(
                    List.of("memory", "files", "db"),
                    backups.trash().stream().map(TrashItem::dataset).toList());
            assertTrue(backups.trash().stream().allMatch(item -> item.bytes() > 0), backups.trash()::toString);

            RestoreReport back = backups.rollback(report);
            assertEquals(Optional.empty(), back.safetySnapshot(), "no snapshot is taken");
            assertTrue(back.warnings().get(0).contains("trash of " + report.restoreId()), back.warnings()::toString);
            assertEquals("last words", host.told().get("row"));
            assertEquals("last words", host.memory.word());
            assertEquals("last words", Files.readString(host.tree().resolve("folder/word")));
            assertTrue(Files.exists(host.tree().resolve("folder/deep/only-second")));

            backups.rollback(back);
            assertEquals(whenFirst, host.told(), "a rollback has trash of its own");
        }
    }

    private static void sayQuietly(MixedHost host, String word) {
        try {
            host.say(word);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void withoutTheTrashOfAllItsDatasetsTheSafetySnapshotIsRestored() throws IOException {
        MixedHost host = new MixedHost(temp);
        host.say("first");
        try (SnapshotManager backups = host.configure().open()) {
            SnapshotId first = backups.create().id();
            host.say("second");
            Map<String, String> whenSecond = host.told();
            RestoreReport report = restore(backups, first);
            try (Stream<Path> beside = Files.list(host.database().getParent())) {
                Path old = beside.filter(file -> file.toString().contains("-before-"))
                        .findFirst()
                        .orElseThrow();
                Files.delete(old);
            }
            assertEquals(2, backups.trash().size());
            RestoreReport back = backups.rollback(report);
            assertTrue(back.safetySnapshot().isPresent());
            assertEquals(report.safetySnapshot().orElseThrow(), back.snapshot().id());
            assertEquals(whenSecond, host.told());
        }
    }

    @Test
    void trashIsKeptForThreeRestoresAndForSevenDaysButAlwaysThatOfTheNewest() throws IOException {
        MixedHost host = new MixedHost(temp);
        host.say("first");
        try (SnapshotManager backups = host.configure().open()) {
            SnapshotId first = backups.create().id();
            for (int i = 0; i < 5; i++) {
                host.say("again" + i);
                restore(backups, first);
                host.clock.advance(Duration.ofHours(1));
            }
            assertEquals(List.of(5L, 4L, 3L, 2L, 1L), restoresWithTrash(backups));
            backups.prune();
            assertEquals(List.of(5L, 4L, 3L), restoresWithTrash(backups));
            assertEquals(3, trashFolders(host));
            host.clock.advance(Duration.ofDays(8));
            backups.prune();
            assertEquals(List.of(5L), restoresWithTrash(backups));
            assertEquals(1, trashFolders(host));
        }
        try (SnapshotManager backups = host.configure()
                .trashRetention(TrashRetention.of(1, Duration.ofDays(1)))
                .open()) {
            host.say("once more");
            restore(backups, backups.list().get(0).id());
            backups.prune();
            assertEquals(List.of(6L), restoresWithTrash(backups));
        }
        try (SnapshotManager backups = host.configure()
                .trashRetention(TrashRetention.of(2, Duration.ofSeconds(Long.MAX_VALUE)))
                .open()) {
            host.say("for ever");
            restore(backups, backups.list().get(0).id());
            backups.prune();
            assertEquals(List.of(7L, 6L), restoresWithTrash(backups));
        }
    }

    private static List<Long> restoresWithTrash(SnapshotManager backups) {
        return backups.trash().stream()
                .map(item -> Long.parseLong(item.restoreId().substring("restore-".length())))
                .distinct()
                .toList();
    }

    private static long trashFolders(MixedHost host) throws IOException {
        try (Stream<Path> all = Files.list(host.tree())) {
            return all.filter(path -> String.valueOf(path.getFileName()).startsWith(".cairn-trash-"))
                    .count();
        }
    }

    @Test
    void aRestoreOfOneDatasetIsTakenBackAloneAndTheOthersGoOn() throws IOException {
        MixedHost host = new MixedHost(temp);
        host.say("first");
        try (SnapshotManager backups = host.configure().open()) {
            SnapshotId first = backups.create().id();
            host.say("second");
            RestoreReport report =
                    backups.restore(backups.plan(RestoreRequest.of(first).datasets(DatasetSelection.only("files"))));
            Map<String, String> before = host.told();
            assertEquals("second", before.get("row"));
            host.memory = new MixedHost.Memory("third");
            backups.rollback(report);
            assertEquals("second", Files.readString(host.tree().resolve("folder/word")));
            assertEquals("third", host.memory.word());
        }
    }

    @Test
    void aFailureInTheMiddleOfARollbackEndsAllOldOrAllNewAndItCanBeRepeated() throws IOException {
        SmallHost plain = new SmallHost(temp.resolve("host"));
        plain.writeFirst();
        SnapshotId first;
        Map<String, String> whenSecond;
        RestoreReport report;
        try (SnapshotManager backups = plain.configureWithTrash().open()) {
            first = backups.create().id();
            plain.writeSecond();
            whenSecond = SmallHost.tree(plain.data());
            report = restore(backups, first);
        }
        Map<String, String> whenFirst = SmallHost.tree(plain.data());
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("host"));
        SmallHost host = new SmallHost(disk.root());
        host.memory = plain.memory;
        int failures = 0;
        boolean reached = true;
        for (int operation = 1; reached; operation += STRIDE) {
            long before = 0;
            boolean acknowledged = false;
            try (SnapshotManager backups = host.configureWithTrash().open()) {
                before = disk.operations();
                disk.failAt(operation);
                backups.rollback(report);
                acknowledged = true;
            } catch (BackupException e) {
                failures++;
                assertFalse(e instanceof RestoreRefusedException, e::getMessage);
            } finally {
                reached = disk.operations() - before >= operation;
                disk.heal();
            }
            Cairn.recoverPending(host.state(), host.files());
            try (SnapshotManager backups = host.configureWithTrash().open()) {
                Map<String, String> found = SmallHost.tree(plain.data());
                assertTrue(found.equals(whenSecond) || (found.equals(whenFirst) && !acknowledged), found::toString);
                assertEquals(found.equals(whenFirst) ? "first" : "second", host.memory.text());
                if (found.equals(whenSecond)) {
                    report = restore(backups, first); // What failed was only tidying; on to the next.
                }
            }
        }
        assertTrue(failures > 1, failures + " operations failed");
    }

    @Test
    void aSingleFileComesBackFromItsTrashAlsoIfItIsGoneNow() throws IOException {
        SmallHost host = new SmallHost(temp);
        Path file = Files.writeString(temp.resolve("settings.json"), "first");
        try (SnapshotManager backups = host.configure()
                .dataset(FilesDataset.of("settings", file).consistency(Consistency.IMMUTABLE))
                .open()) {
            host.writeFirst();
            SnapshotId first = backups.create().id();
            Files.writeString(file, "second");
            RestoreReport report =
                    backups.restore(backups.plan(RestoreRequest.of(first).datasets(DatasetSelection.only("settings"))));
            assertEquals("first", Files.readString(file));
            Files.delete(file);
            RestoreReport back = backups.rollback(report);
            assertTrue(back.warnings().get(0).contains("trash of"), back.warnings()::toString);
            assertEquals("second", Files.readString(file));
        }
    }

    @Test
    void withNeitherTrashNorSafetySnapshotThereIsNothingToGoBackTo() throws IOException {
        MixedHost host = new MixedHost(temp);
        host.say("first");
        try (SnapshotManager backups = host.configure().open()) {
            RestoreReport report = restore(backups, backups.create().id());
            RestoreReport unknown = new RestoreReport(
                    "restore-99",
                    report.snapshot(),
                    report.verdict(),
                    Optional.empty(),
                    Optional.empty(),
                    report.datasets(),
                    report.epoch(),
                    report.startedAt(),
                    report.steps(),
                    List.of(),
                    Optional.empty());
            assertThrows(RestoreRefusedException.class, () -> backups.rollback(unknown));
        }
    }
}
