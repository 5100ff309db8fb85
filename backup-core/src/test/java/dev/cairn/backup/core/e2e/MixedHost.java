package dev.cairn.backup.core.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A host with a file tree, a database and a value in memory, all of which say one word; its connections are closed between uses. */
final class MixedHost {

    record Memory(String word) {}

    private final Path home;
    final SettableClock clock = SettableClock.create();
    volatile Memory memory = new Memory("nothing");

    MixedHost(Path home) throws IOException {
        this.home = home;
        Files.createDirectories(tree().resolve("folder/deep"));
    }

    Path tree() {
        return home.resolve("tree");
    }

    Path database() {
        return home.resolve("db/memory.db");
    }

    BlobStore state() {
        return FileBlobStore.at(home.resolve("state"));
    }

    FilesDataset files() {
        return FilesDataset.of("files", tree()).consistency(Consistency.IMMUTABLE);
    }

    SqliteDataset sqlite() {
        return SqliteDataset.of("db", database());
    }

    /** Only what is on disk. */
    CairnBuilder configureOnDisk() {
        return Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(home.resolve("repository"))))
                .state(state())
                .dataset(files())
                .dataset(sqlite())
                .clock(clock)
                .callerThreadsOnly()
                .maxAge(Duration.ofDays(30));
    }

    CairnBuilder configure() {
        return configureOnDisk()
                .dataset(StateDataset.of(
                        "memory",
                        JsonCodec.of(new ObjectMapper(), Memory.class),
                        () -> memory,
                        value -> memory = value));
    }

    /** Writes the word everywhere, and one file that only this word has. */
    void say(String word) throws IOException {
        Files.writeString(tree().resolve("folder/word"), word);
        Files.writeString(tree().resolve("folder/deep/only-" + word), word);
        Files.createDirectories(database().getParent());
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("create table if not exists said(word text)");
            statement.executeUpdate("delete from said");
            statement.executeUpdate("insert into said values('" + word + "')");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        memory = new Memory(word);
    }

    /** What everything says, with the files. */
    Map<String, String> told() throws IOException {
        Map<String, String> told = new TreeMap<>(SmallHost.tree(tree()));
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet said = statement.executeQuery("select word from said")) {
            told.put("row", said.getString(1));
        } catch (SQLException e) {
            throw new IOException(e);
        }
        told.put("memory", memory.word());
        return told;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database());
    }
}
