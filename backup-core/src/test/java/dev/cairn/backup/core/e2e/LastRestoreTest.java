package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.PastRestore;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a restore to other processes than the one that carried it out, whose report went with it. */
class LastRestoreTest {

    @TempDir
    Path temp;

    private MixedHost host;
    private SnapshotId first;
    private Map<String, String> whenFirst;
    private Map<String, String> whenSecond;

    @BeforeEach
    void twoWords() throws IOException {
        host = new MixedHost(temp);
        host.say("first");
        whenFirst = host.told();
        try (SnapshotManager backups = host.configure().open()) {
            first = backups.create().id();
            assertEquals(Optional.empty(), backups.lastRestore());
        }
        host.say("second");
        whenSecond = host.told();
    }

    private RestoreReport restore(RestoreRequest request) {
        try (SnapshotManager backups = host.configure().open()) {
            return backups.restore(backups.plan(request));
        }
    }

    @Test
    void anotherProcessTakesItBackAndThenTakesThatBack() throws IOException {
        RestoreReport report = restore(RestoreRequest.of(first));
        assertEquals(whenFirst, host.told());
        RestoreReport back;
        try (SnapshotManager backups = host.configure().open()) {
            PastRestore last = backups.lastRestore().orElseThrow();
            assertEquals(PastRestore.of(report), last);
            back = backups.rollback(last);
        }
        assertEquals(whenSecond, host.told());
        try (SnapshotManager backups = host.configure().open()) {
            PastRestore last = backups.lastRestore().orElseThrow();
            assertEquals(back.restoreId(), last.restoreId());
            backups.rollback(last);
        }
        assertEquals(whenFirst, host.told());
    }

    @Test
    void ofARestoreOfOnePathOnlyThatPathIsTakenBack() throws IOException {
        restore(RestoreRequest.of(first).paths("files", List.of(EntryPath.of("folder/word"))));
        Files.writeString(host.tree().resolve("later"), "written after the restore");
        try (SnapshotManager backups = host.configure().open()) {
            PastRestore last = backups.lastRestore().orElseThrow();
            assertEquals(Map.of("files", List.of(EntryPath.of("folder/word"))), last.paths());
            backups.rollback(last);
        }
        assertEquals("second", Files.readString(host.tree().resolve("folder/word")));
        assertTrue(Files.exists(host.tree().resolve("later")), "it was no part of the restore");
    }

    @Test
    void withoutItsTrashItIsTakenBackFromTheSafetySnapshot() throws IOException {
        restore(RestoreRequest.of(first));
        try (SnapshotManager backups = host.configure().open()) {
            backups.trash().stream()
                    .filter(item -> !item.place().equals("memory"))
                    .forEach(item -> remove(Path.of(item.place())));
            backups.rollback(backups.lastRestore().orElseThrow());
        }
        assertEquals(whenSecond, host.told());
    }

    private static void remove(Path place) {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whileTheHostIsDownASnapshotOfALaterVersionIsRefusedByTheHighestVersionThatIsRemembered() throws IOException {
        try (SnapshotManager backups =
                host.configure().projectionVersion(() -> 3).open()) {
            backups.create();
        }
        SnapshotId foreign;
        try (SnapshotManager other = Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository"))))
                .state(FileBlobStore.at(temp.resolve("other state")))
                .dataset(host.files())
                .clock(host.clock)
                .projectionVersion(() -> 4)
                .callerThreadsOnly()
                .open()) {
            foreign = other.create().id();
        }
        try (SnapshotManager down = host.configure().openWhileHostIsDown()) {
            RestorePlan plan = down.plan(RestoreRequest.of(foreign).approvedBy("anna", "because"));
            assertEquals(new RestoreVerdict.VersionAhead(4, 3), plan.verdict());
            assertTrue(
                    plan.warnings().stream().anyMatch(warning -> warning.contains("cannot be asked")),
                    plan.warnings()::toString);
            assertThrows(RestoreRefusedException.class, () -> down.restore(plan));
            RestorePlan own = down.plan(RestoreRequest.of(first));
            assertInstanceOf(RestoreVerdict.Ok.class, own.verdict());
            assertTrue(
                    own.warnings().contains("the version test is skipped: the snapshot gives no version"),
                    own.warnings()::toString);
        }
        assertEquals(whenSecond, host.told());
    }
}
