package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single paths, and snapshots laid over live data. */
class PartialRestoreTest {

    @TempDir
    Path temp;

    private MixedHost host;
    private SnapshotManager backups;
    private SnapshotId first;

    @BeforeEach
    void takeTheFirst() throws IOException {
        host = new MixedHost(temp);
        write("a/one", "first");
        write("a/two", "first");
        write("b/c/three", "first");
        write("b/same", "same");
        host.say("first");
        backups = host.configure().open();
        first = backups.create().id();
        write("a/one", "second, longer");
        write("a/new", "second");
        write("b/c/three", "second");
        write("b/c/new", "12345");
        host.say("second");
    }

    private void write(String path, String text) throws IOException {
        Path file = host.tree().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String read(String path) throws IOException {
        return Files.readString(host.tree().resolve(path));
    }

    private boolean exists(String path) {
        return Files.exists(host.tree().resolve(path));
    }

    private RestoreRequest paths(String... paths) {
        return RestoreRequest.of(first)
                .paths("files", List.of(paths).stream().map(EntryPath::of).toList());
    }

    @Test
    void onlyThePathsComeBackAndEverythingElseIsLeftAlone() throws IOException {
        RestorePlan plan = backups.plan(paths("a/one", "b/c").listPaths(100));
        DatasetPlan files = plan.datasets().get(0);
        assertEquals(1, plan.datasets().size(), "a request for paths is about nothing else");
        assertEquals(
                List.of("replace a/one", "replace b/c/three", "remove b/c/new"),
                files.paths(),
                files.paths()::toString);
        assertEquals(new DatasetPlan.Sizes(0, 10, 5, 0), files.sizes().orElseThrow());
        assertEquals(10, files.bytes(), "only they are staged");

        RestoreReport report = backups.restore(plan);
        assertEquals("first", read("a/one"));
        assertEquals("first", read("b/c/three"));
        assertFalse(exists("b/c/new"), "replaced, so what came later is in the trash");
        assertEquals("second", read("a/new"), "not asked for");
        assertEquals("second", host.told().get("row"));
        assertEquals(Map.of("files", List.of(EntryPath.of("a/one"), EntryPath.of("b/c"))), report.paths());

        write("a/new", "third");
        RestoreReport back = backups.rollback(report);
        assertTrue(back.warnings().get(0).contains("trash"), back.warnings()::toString);
        assertEquals("second, longer", read("a/one"));
        assertEquals("second", read("b/c/three"));
        assertEquals("12345", read("b/c/new"));
        assertEquals("third", read("a/new"), "was not part of the restore, nor of its rollback");
    }

    @Test
    void aPathThatDidNotExistBeforeIsGoneAfterTheRollback() throws IOException {
        Files.delete(host.tree().resolve("a/two"));
        RestoreReport report = backups.restore(backups.plan(paths("a/two")));
        assertEquals("first", read("a/two"));
        RestoreReport back = backups.rollback(report);
        assertTrue(back.safetySnapshot().isPresent(), "nothing was put aside, so there is no trash");
        assertFalse(exists("a/two"));
        assertEquals("second, longer", read("a/one"));
    }

    @Test
    void aPathThatTheSnapshotLacksIsRefusedByName() {
        RestoreRefusedException thrown =
                assertThrows(RestoreRefusedException.class, () -> backups.plan(paths("a/one", "a/new")));
        assertTrue(thrown.getMessage().contains("'a/new'"), thrown.getMessage());
        assertThrows(InvalidValueException.class, () -> paths());
        assertThrows(InvalidValueException.class, () -> paths("a/one").datasets(DatasetSelection.only("db")));
    }

    @Test
    void databasesAndObjectsAreRestoredWholeOrNotAtAll() {
        for (String dataset : List.of("db", "memory")) {
            RestoreRequest single = RestoreRequest.of(first).paths(dataset, List.of(EntryPath.of("any")));
            assertRefused(single, dataset);
            assertRefused(
                    RestoreRequest.of(first)
                            .datasets(DatasetSelection.only(dataset))
                            .overlay(),
                    dataset);
        }
    }

    private void assertRefused(RestoreRequest request, String dataset) {
        String message = assertThrows(RestoreRefusedException.class, () -> backups.plan(request))
                .getMessage();
        assertTrue(message.contains("'" + dataset + "'") && message.contains("whole"), message);
    }

    @Test
    void anOverlayLeavesWhatTheSnapshotDoesNotHave() throws IOException {
        RestorePlan plan = backups.plan(RestoreRequest.of(first)
                .datasets(DatasetSelection.only("files"))
                .overlay());
        DatasetPlan files = plan.datasets().get(0);
        assertEquals(0, files.remove());
        assertTrue(files.warnings().get(0).contains("3 entries"), files.warnings()::toString);
        Map<String, String> whenSecond = host.told();
        RestoreReport report = backups.restore(plan);
        assertEquals("first", read("a/one"));
        assertEquals("second", read("a/new"));
        assertEquals("12345", read("b/c/new"));
        assertEquals("second", read("folder/deep/only-second"));
        assertTrue(backups.trash().stream().anyMatch(item -> item.dataset().equals("files")));

        RestoreReport back = backups.rollback(report);
        assertTrue(back.safetySnapshot().isPresent(), "the trash of an overlay is not the whole");
        assertEquals(whenSecond, host.told());
    }

    @Test
    void anOverlayThatWouldTakeAFolderAwayIsToldAndUndone() throws IOException {
        Files.delete(host.tree().resolve("b/same"));
        write("b/same/inside", "came later");
        Map<String, String> before = host.told();
        RestorePlan plan = backups.plan(RestoreRequest.of(first)
                .datasets(DatasetSelection.only("files"))
                .overlay());
        assertTrue(
                plan.datasets().get(0).warnings().stream().anyMatch(warning -> warning.contains("would be refused")),
                plan.datasets().get(0).warnings()::toString);
        RestoreFailedException thrown = assertThrows(RestoreFailedException.class, () -> backups.restore(plan));
        assertTrue(thrown.rolledBack() && thrown.getCause() instanceof SourceException, thrown.getMessage());
        assertEquals(before, host.told());
    }
}
