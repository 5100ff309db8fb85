package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drill of every kind of dataset there is, in a packed repository, beside live ones that are in use. */
class IsolatedDrillTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private final AtomicReference<String> memory = new AtomicReference<>("remembered");

    private Path made() throws IOException {
        Path live = Files.createDirectories(temp.resolve("live"));
        Path files = Files.createDirectories(live.resolve("files/deep"));
        Files.writeString(files.resolve("a.txt"), "the text");
        Files.writeString(live.resolve("files/b.txt"), "");
        Files.createSymbolicLink(live.resolve("files/link"), Path.of("deep/a.txt"));
        Path closed = Files.createDirectories(live.resolve("files/read-only"));
        Files.writeString(closed.resolve("c.txt"), "kept");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.writeString(live.resolve("one.conf"), "key=value");
        return live;
    }

    private SnapshotManager open(Path live) {
        return Cairn.builder()
                .home(FileHome.at(temp.resolve("home")))
                .dataset(FilesDataset.of("files", live.resolve("files")))
                .dataset(FilesDataset.of("one", live.resolve("one.conf")))
                .dataset(SqliteDataset.of("whole", live.resolve("app.db")))
                .dataset(SqliteTablesDataset.of("tables", live.resolve("other.db"), "session"))
                .dataset(StateDataset.of(
                        "memory", JsonCodec.of(new ObjectMapper(), String.class), memory::get, memory::set))
                .open();
    }

    private static void fill(Statement sql) throws Exception {
        sql.execute("PRAGMA journal_mode=WAL");
        sql.execute("CREATE TABLE parent(id INTEGER PRIMARY KEY)");
        sql.execute("CREATE TABLE session(id INTEGER PRIMARY KEY AUTOINCREMENT, parent REFERENCES parent, title TEXT)");
        sql.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                + " INSERT INTO session SELECT i, i, 'title ' || i FROM n");
    }

    @Test
    void everyKindIsRestoredApartCheckedAndFoundOutWhenDamaged() throws Exception {
        Path live = made();
        try (Connection whole = DriverManager.getConnection("jdbc:sqlite:" + live.resolve("app.db"));
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + live.resolve("other.db"));
                Statement inWhole = whole.createStatement();
                Statement inOther = other.createStatement()) {
            fill(inWhole);
            fill(inOther);
            try (SnapshotManager backups = open(live)) {
                backups.create();
                inWhole.execute("DELETE FROM session");
                inOther.execute("DELETE FROM session");
                Files.delete(live.resolve("files/deep/a.txt"));
                memory.set("changed");
                Map<String, String> before = SmallHost.tree(live.resolve("files"));

                DrillReport report = backups.drill(DrillRequest.latest()
                        .objectives(Duration.ofHours(1), Duration.ofMinutes(10))
                        .withControl()
                        .check(
                                "rows",
                                SOON,
                                place -> rows(place.path("whole")) == 2000 && rows(place.path("tables")) == 2000)
                        .check(
                                "files",
                                SOON,
                                place -> Files.readString(place.path("files").resolve("link"))
                                        .equals("the text"))
                        .check(
                                "one",
                                SOON,
                                place -> Files.readString(place.path("one")).equals("key=value"))
                        .check(
                                "apart",
                                SOON,
                                place -> place.folder().startsWith(temp.resolve("home"))
                                        && PosixFilePermissions.toString(Files.getPosixFilePermissions(
                                                        place.folder().getParent()))
                                                .equals("rwx------"))
                        .check(
                                "memory",
                                SOON,
                                place -> place.value("memory", String.class).equals("remembered")));

                assertTrue(report.passed(), report.toString());
                assertEquals(
                        List.of("files", "one", "whole", "tables", "memory"),
                        report.steps().stream()
                                .map(DrillReport.Step::name)
                                .filter(name -> name.startsWith("control_"))
                                .map(name -> name.substring("control_".length()))
                                .toList());
                assertEquals(before, SmallHost.tree(live.resolve("files")));
                assertEquals("changed", memory.get());
                inWhole.execute("INSERT INTO session(title) VALUES('goes on')");
                inOther.execute("INSERT INTO session(title) VALUES('goes on')");
                assertEquals(List.of(), scratch(), "nothing is left");
            }
            assertEquals(1, rows(live.resolve("app.db")));
            assertEquals(1, rows(live.resolve("other.db")));
        }
    }

    private static long rows(Path database) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT count(*) FROM session")) {
            return row.getLong(1);
        }
    }

    /** Drills that are in the scratch room, and have something in it. */
    private List<String> scratch() throws IOException {
        Path scratch = temp.resolve("home/backup-scratch");
        if (!Files.exists(scratch)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(scratch)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("drill-"))
                    .toList();
        }
    }

    @Test
    void killedInTheMiddleOfADrillNothingOfItIsLeftAfterTheNextOpening() throws Exception {
        Path live = Files.createDirectories(temp.resolve("live"));
        Files.writeString(live.resolve("a.txt"), "the text");
        try (ChildJvm child = new ChildJvm(temp, 180, KilledDrill.class, temp.toString())) {
            child.await("DRILLING"::equals);
            assertEquals(List.of("drill-1"), scratch());
            child.kill();
        }
        assertEquals(List.of("drill-1"), scratch(), "the kill left it");
        try (SnapshotManager backups = KilledDrill.open(temp)) {
            assertEquals(List.of(), scratch());
            assertFalse(backups.list().isEmpty());
            backups.create();
            backups.delete(backups.list().get(0).id()); // Refused if it were pinned.
            assertEquals("the text", Files.readString(live.resolve("a.txt")));
            assertTrue(backups.drill(DrillRequest.latest()).passed());
        }
    }
}
