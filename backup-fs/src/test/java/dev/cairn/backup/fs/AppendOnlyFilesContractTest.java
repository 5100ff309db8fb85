package dev.cairn.backup.fs;

import dev.cairn.backup.spi.Dataset;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

class AppendOnlyFilesContractTest extends FilesDatasetContract {
    @Override
    protected Dataset dataset() {
        return FilesDataset.of("files", live()).consistency(Consistency.APPEND_ONLY);
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        Files.writeString(counter(), value + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
