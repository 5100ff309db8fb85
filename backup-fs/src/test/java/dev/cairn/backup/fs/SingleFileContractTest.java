package dev.cairn.backup.fs;

import dev.cairn.backup.spi.Dataset;

class SingleFileContractTest extends FilesDatasetContract {
    @Override
    protected Dataset dataset() {
        return FilesDataset.of("files", counter()).consistency(Consistency.IMMUTABLE);
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        replaceCounter(value);
    }
}
