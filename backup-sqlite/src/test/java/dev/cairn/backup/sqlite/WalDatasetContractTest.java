package dev.cairn.backup.sqlite;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.testkit.DatasetContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The published contract, for a database in WAL mode. */
class WalDatasetContractTest extends DatasetContract {

    @TempDir
    Path folder;

    String journalMode() {
        return "wal";
    }

    @Override
    protected Dataset dataset() throws Exception {
        Path file = Files.createDirectories(folder.resolve("live")).resolve("memory.db");
        return SqliteDataset.of("memory", file).busyTimeout(Duration.ofMillis(50));
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        dataset();
        TestDatabase.counter(database(), journalMode(), value);
    }

    @Override
    protected long readCounter() throws Exception {
        return TestDatabase.counterOf(database());
    }

    @Override
    protected Optional<Dataset> missing(boolean optional) throws Exception {
        SqliteDataset missing = SqliteDataset.of("memory", folder.resolve("none.db"));
        return Optional.of(optional ? missing.optional() : missing);
    }

    @Override
    protected Optional<AutoCloseable> hold() throws Exception {
        Connection idle = TestDatabase.open(database());
        TestDatabase.one(idle, "SELECT value FROM counter");
        return Optional.of(idle);
    }

    @Override
    protected Optional<Path> home() {
        return Optional.of(folder.resolve("live"));
    }

    private Path database() {
        return folder.resolve("live/memory.db");
    }
}
