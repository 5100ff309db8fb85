package dev.cairn.backup.fs;

import dev.cairn.backup.spi.Dataset;

class ImmutableFilesContractTest extends FilesDatasetContract {
    @Override
    protected Dataset dataset() {
        return FilesDataset.of("files", live()).consistency(Consistency.IMMUTABLE);
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        replaceCounter(value);
    }
}
