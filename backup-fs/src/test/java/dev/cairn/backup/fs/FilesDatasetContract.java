package dev.cairn.backup.fs;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.testkit.DatasetContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The dataset contract for each way in which a host may write its files. */
abstract class FilesDatasetContract extends DatasetContract {

    @TempDir
    Path folder;

    Path live() {
        return folder.resolve("live");
    }

    Path counter() {
        return live().resolve("state").resolve("counter");
    }

    @BeforeEach
    void makeTree() throws Exception {
        Files.createDirectories(counter().getParent());
        Files.writeString(live().resolve("readme.txt"), "hello");
        Files.createSymbolicLink(live().resolve("link"), Path.of("readme.txt"));
        Files.writeString(live().resolve("state").resolve("empty"), "");
        writeCounter(0);
    }

    @Override
    protected long readCounter() throws Exception {
        List<String> lines = Files.readAllLines(counter());
        return Long.parseLong(lines.get(lines.size() - 1));
    }

    @Override
    protected Optional<Path> home() {
        return Optional.of(folder);
    }

    @Override
    protected Optional<Dataset> missing(boolean optional) {
        FilesDataset missing = FilesDataset.of("files", folder.resolve("missing"));
        return Optional.of(optional ? missing.optional() : missing);
    }

    @Override
    protected String liveData() throws Exception {
        return TreeText.of(live());
    }

    void replaceCounter(long value) throws IOException {
        Path fresh = counter().resolveSibling("counter.new");
        Files.writeString(fresh, value + "\n");
        Files.move(fresh, counter(), StandardCopyOption.ATOMIC_MOVE);
    }
}
