package dev.cairn.backup.testkit;

import dev.cairn.backup.spi.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A dataset that keeps the contract passes its suite. */
class FolderDatasetTest extends DatasetContract {

    @TempDir
    Path folder;

    @BeforeEach
    void makeLiveData() throws IOException {
        Files.createDirectory(folder.resolve("live"));
        Files.writeString(folder.resolve("live/beside"), "does not change");
        writeCounter(0);
    }

    @Override
    protected Dataset dataset() {
        return new FolderDataset(folder.resolve("live"), false);
    }

    @Override
    protected void writeCounter(long value) throws IOException {
        Files.writeString(folder.resolve("live/counter"), Long.toString(value));
    }

    @Override
    protected long readCounter() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("live/counter")));
    }

    @Override
    protected Optional<Dataset> missing(boolean optional) {
        return Optional.of(new FolderDataset(folder.resolve("none"), optional));
    }

    @Override
    protected Optional<AutoCloseable> hold() throws IOException {
        Path mark = Files.createFile(folder.resolve("in-use"));
        return Optional.of(() -> Files.delete(mark));
    }

    @Override
    protected Optional<Path> home() {
        return Optional.of(folder);
    }
}
