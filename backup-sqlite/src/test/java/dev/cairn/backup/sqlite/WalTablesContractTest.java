package dev.cairn.backup.sqlite;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.testkit.DatasetContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The published contract, for tables of a database in WAL mode. */
class WalTablesContractTest extends DatasetContract {

    @TempDir
    Path folder;

    String journalMode() {
        return "wal";
    }

    @Override
    protected Dataset dataset() throws Exception {
        Path file = Files.createDirectories(folder.resolve("live")).resolve("app.db");
        return SqliteTablesDataset.of("state", file, "counter", "history").busyTimeout(Duration.ofMillis(50));
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        dataset();
        TestDatabase.counter(database(), journalMode(), value);
        TestDatabase.run(
                database(),
                "CREATE TABLE IF NOT EXISTS history(at TEXT, value)",
                "CREATE TABLE IF NOT EXISTS audit(value)",
                "INSERT INTO history VALUES('then', " + value + ")");
    }

    @Override
    protected long readCounter() throws Exception {
        return TestDatabase.counterOf(database());
    }

    @Override
    protected String liveData() throws Exception {
        return TableDump.of(database(), "counter", "history", "sqlite_schema");
    }

    @Override
    protected Optional<Dataset> missing(boolean optional) throws Exception {
        SqliteTablesDataset missing = SqliteTablesDataset.of("state", folder.resolve("none.db"), "counter");
        return Optional.of(optional ? missing.optional() : missing);
    }

    @Override
    protected Optional<AutoCloseable> hold() throws Exception {
        Connection writing = TestDatabase.open(database());
        TestDatabase.run(writing, "BEGIN IMMEDIATE");
        return Optional.of(writing);
    }

    @Override
    protected Optional<Path> home() {
        return Optional.of(folder.resolve("live"));
    }

    private Path database() {
        return folder.resolve("live/app.db");
    }
}
