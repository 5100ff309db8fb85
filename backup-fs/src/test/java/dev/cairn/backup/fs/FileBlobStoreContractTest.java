package dev.cairn.backup.fs;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.BlobStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreContractTest extends BlobStoreContract {

    @TempDir
    Path folder;

    private int stores;

    @Override
    protected BlobStore newStore() {
        return FileBlobStore.at(folder.resolve("store-" + ++stores));
    }

    @Override
    protected Optional<BlobStore> reopen(BlobStore store) {
        return Optional.of(FileBlobStore.at(((FileBlobStore) store).root()));
    }

    @Override
    protected Capabilities capabilities() {
        return new Capabilities(
                !Files.exists(folder.getParent()
                        .resolve(folder.getFileName().toString().toUpperCase())),
                true);
    }
}
