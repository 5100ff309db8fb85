package dev.cairn.backup.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.examples.show.ChildRun;
import dev.cairn.backup.examples.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a reader copies has to work. */
class ReadmeSnippetTest {

    private static final Path EXAMPLES = Path.of("src/main/java/dev/cairn/backup/examples");
    private static final Path TEN_LINES = EXAMPLES.resolve("quickstart/TenLines.java");
    private static final Path YOUR_OWN = EXAMPLES.resolve("tasks/TaskBackups.java");
    private static final Path README = Path.of("../README.md");

    @Test
    void theTenLinesAreTen() throws IOException {
        assertEquals(10, tagged(TEN_LINES, "snippet").size());
    }

    @Test
    void theReadmeShowsTheLinesThatCompile() throws IOException {
        assumeTrue(Files.exists(README), "there is no README yet");

        List<List<String>> blocks = javaBlocks();
        assertEquals(tagged(TEN_LINES, "snippet"), blocks.get(0));
        assertEquals(tagged(YOUR_OWN, "protect"), blocks.get(1));
        assertEquals(2, blocks.size(), "a block that no test compiles");
    }

    @Test
    void theApplicationOfOnesOwnIsBroughtBack(@TempDir Path temp) throws Exception {
        ChildRun run = ChildRun.of(
                Tasks.class, temp.resolve("output"), temp.resolve("work").toString());

        assertEquals(0, run.exitCode(), run.output());
        assertTrue(run.output().contains("EQUAL   the task list"), run.output());
        assertTrue(run.output().contains("drafts: {ann=dear bob}"), run.output());
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

    private static List<String> tagged(Path source, String tag) throws IOException {
        List<String> lines = stripped(source);
        return lines.subList(lines.indexOf("// tag::" + tag) + 1, lines.indexOf("// end::" + tag));
    }

    private static List<List<String>> javaBlocks() throws IOException {
        List<String> lines = stripped(README);
        List<List<String>> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```java")) {
                List<String> rest = lines.subList(i + 1, lines.size());
                blocks.add(rest.subList(0, rest.indexOf("```")));
            }
        }
        return blocks;
    }

    private static List<String> stripped(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(String::strip).toList();
    }
}
