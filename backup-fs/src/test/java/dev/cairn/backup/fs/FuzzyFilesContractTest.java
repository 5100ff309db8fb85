package dev.cairn.backup.fs;

import dev.cairn.backup.spi.Dataset;
import java.nio.file.Files;

class FuzzyFilesContractTest extends FilesDatasetContract {
    @Override
    protected Dataset dataset() {
        return FilesDataset.of("files", live());
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        Files.writeString(counter(), value + "\n");
    }

    @Override
    protected Capabilities capabilities() {
        return new Capabilities(false);
    }
}
