package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some tables of a database that stays open, through the one entry point, in both repositories. */
class TablesOfADatabaseTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"browsable", "packed"})
    void theNamedTablesGoBackWhileTheHostKeepsItsConnection(String repository) throws Exception {
        Path database = temp.resolve("app.db");
        try (Connection host = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = host.createStatement()) {
            sql.execute("PRAGMA journal_mode=WAL");
            sql.execute("CREATE TABLE session_state_v2(session_key TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID");
            sql.execute("CREATE TABLE audit(what TEXT)");
            sql.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                    + " INSERT INTO session_state_v2 SELECT printf('%08d', i), 'title ' || i FROM n");
            SqliteTablesDataset tables = SqliteTablesDataset.of("state", database, "session_state_v2")
                    .countedAs("session_state_v2", "sessions");
            try (SnapshotManager backups = at(repository).dataset(tables).open()) {
                SnapshotMetadata snapshot = backups.create();
                assertEquals(Map.of("sessions", 100_000L), snapshot.counts());
                sql.execute("DELETE FROM session_state_v2 WHERE session_key > '00000500'");
                sql.execute("INSERT INTO audit VALUES('lost much')");
                backups.restore(backups.plan(RestoreRequest.of(snapshot.id())));
            }
            assertEquals(100_000, number(sql, "SELECT count(*) FROM session_state_v2"));
            assertEquals(1, number(sql, "SELECT count(*) FROM audit"), "what is not named stays");
        }
    }

    private CairnBuilder at(String repository) {
        return repository.equals("packed")
                ? Cairn.builder().home(FileHome.at(temp.resolve("home")))
                : Cairn.builder()
                        .repository(BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository"))))
                        .state(FileBlobStore.at(temp.resolve("state")));
    }

    private static long number(Statement sql, String query) throws Exception {
        try (ResultSet row = sql.executeQuery(query)) {
            return row.getLong(1);
        }
    }
}
