package dev.cairn.backup.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a reader copies has to work. */
class ReadmeSnippetTest {

    private static final Path SOURCE = Path.of("src/main/java/dev/cairn/backup/examples/quickstart/TenLines.java");
    private static final Path README = Path.of("../README.md");

    @Test
    void theTenLinesAreTen() throws IOException {
        assertEquals(10, taggedLines().size());
    }

    @Test
    void theReadmeShowsTheLinesThatCompile() throws IOException {
        assumeTrue(Files.exists(README), "there is no README yet");

        assertEquals(taggedLines(), firstJavaBlock());
    }

    @Test
    void theTenLinesTakeASnapshotAndRestoreIt(@TempDir Path app) throws Exception {
        Files.createDirectories(app.resolve("config"));
        Files.writeString(app.resolve("config/app.properties"), "colour=blue");
        sql(app, "CREATE TABLE notes(text TEXT)");
        sql(app, "INSERT INTO notes VALUES('bread')");

        TenLines.run(app);

        assertEquals("colour=blue", Files.readString(app.resolve("config/app.properties")));
        try (Connection connection = connect(app);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT group_concat(text) FROM notes")) {
            assertEquals("bread", rows.getString(1));
        }
        assertTrue(Files.exists(app.resolve("backup-home/backups/snapshots/snap-1")), "the snapshot");
        assertTrue(Files.exists(app.resolve("backup-home/backup.key")), "the key, outside the repository");
        try (Stream<Path> files = Files.list(app)) {
            assertTrue(
                    files.anyMatch(file -> file.getFileName().toString().startsWith("notes-before-")),
                    "the database that the restore replaced stays beside the new one");
        }
    }

    private static void sql(Path app, String statement) throws SQLException {
        try (Connection connection = connect(app);
                Statement running = connection.createStatement()) {
            running.execute(statement);
        }
    }

    private static Connection connect(Path app) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + app.resolve("notes.db"));
    }

    private static List<String> taggedLines() throws IOException {
        List<String> lines =
                Files.readAllLines(SOURCE).stream().map(String::strip).toList();
        return lines.subList(lines.indexOf("// tag::snippet") + 1, lines.indexOf("// end::snippet"));
    }

    private static List<String> firstJavaBlock() throws IOException {
        List<String> lines =
                Files.readAllLines(README).stream().map(String::strip).toList();
        int start = lines.indexOf("```java");
        assertTrue(start >= 0, "the README has no java block");
        List<String> block = lines.subList(start + 1, lines.size());
        return block.subList(0, block.indexOf("```"));
    }
}
