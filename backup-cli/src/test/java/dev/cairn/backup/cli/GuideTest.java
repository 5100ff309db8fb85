package dev.cairn.backup.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.cli.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** docs/command-line.md says what is so: its configuration is read, its commands are run in their order, its tables are compared. */
class GuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "command-line.md");

    @TempDir
    private Path temp;

    @Test
    void theExamplesRunInTheirOrderAndEndAsTheGuideSays() throws IOException {
        String guide = guide();
        Shop shop = Shop.in(temp).configuration(block(guide, "json", "\"repository\""));
        Files.createDirectories(shop.path("app/config"));
        shop.write("app/config/app.properties", "colour=green\n");
        database(shop.path("app/notes.db"));
        List<String> ran = new ArrayList<>();
        for (String line :
                blocks(guide, "console").stream().flatMap(String::lines).toList()) {
            Matcher command = Pattern.compile("\\$ cairn ([^#]*?)(?:\\s+# exit code ([0-9]+))?")
                    .matcher(line);
            if (command.matches()) {
                int code = command.group(2) == null ? 0 : Integer.parseInt(command.group(2));
                Shop.Run run = shop.run(command.group(1).split(" +"));
                assertEquals(code, run.code(), () -> line + "\n" + run.out() + run.err());
                ran.add(line);
            }
        }
        assertTrue(ran.size() >= 10, "only " + ran);
    }

    @Test
    void everyExampleOfAConfigurationIsRight() throws IOException {
        for (String example : blocks(guide(), "json")) {
            if (example.contains("\"repository\"")) {
                Configuration.read(Files.writeString(temp.resolve("cairn-backup.json"), example));
            }
        }
    }

    @Test
    void everyExitCodeAndEveryCommandIsInTheGuide() throws IOException {
        String guide = guide();
        for (ExitCode code : ExitCode.values()) {
            assertTrue(guide.contains("| " + code.code() + " |"), code.name());
        }
        new CommandLine(CairnCommand.class)
                .getSubcommands().keySet().stream()
                        .filter(name -> !name.equals("help"))
                        .forEach(name -> assertTrue(guide.contains("`" + name + "`"), name));
    }

    private static void database(Path file) {
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("create table note (text)");
            statement.execute("insert into note values ('remember')");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String guide() throws IOException {
        return Files.readString(GUIDE);
    }

    private static String block(String guide, String language, String with) {
        return blocks(guide, language).stream()
                .filter(block -> block.contains(with))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> blocks(String guide, String language) {
        return Stream.of(guide.split("```"))
                .filter(block -> block.startsWith(language + "\n"))
                .map(block -> block.substring(language.length() + 1))
                .toList();
    }
}
