package dev.cairn.backup.fs;

import dev.cairn.backup.spi.Dataset;
import java.nio.file.Files;

class InBarrierFilesContractTest extends FilesDatasetContract {
    @Override
    protected Dataset dataset() {
        return FilesDataset.of("files", live()).consistency(Consistency.IN_BARRIER);
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        Files.writeString(counter(), value + "\n");
    }
}
