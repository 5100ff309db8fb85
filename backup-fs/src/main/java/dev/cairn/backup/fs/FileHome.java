package dev.cairn.backup.fs;

import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.StoreHome;
import java.nio.file.Path;

/**
 * One folder for all that backups need, for hosts that do not care where: snapshots in {@code backups}, intents and sequence numbers in {@code backup-state},
 * temporary copies in {@code backup-scratch}, the key in {@code backup.key}. It must not lie inside a dataset. The key lies beside the snapshots, so both are lost
 * together: keep a copy of it, or a recovery code, elsewhere. Making one touches nothing.
 *
 * @param folder the folder, absolute
 */
public record FileHome(Path folder) implements StoreHome {

    /** Makes the folder absolute. */
    public FileHome {
        folder = folder.toAbsolutePath().normalize();
    }

    /** The home in the folder. */
    public static FileHome at(Path folder) {
        return new FileHome(folder);
    }

    /** The store for snapshots; a new object at each call. */
    @Override
    public FileBlobStore repository() {
        return FileBlobStore.at(folder.resolve("backups"));
    }

    /** The store for the engine's own state; a new object at each call. */
    @Override
    public FileBlobStore state() {
        return FileBlobStore.at(folder.resolve("backup-state"));
    }

    /** Room for temporary copies; a new object at each call. */
    @Override
    public ScratchSpace scratch() {
        return FileScratch.at(folder.resolve("backup-scratch"));
    }

    /** The key in {@link #keyFile}; a new object at each call. */
    @Override
    public KeyFile keys() {
        return KeyFile.at(keyFile());
    }

    /** Where the key file lies: beside the repository and outside it. */
    public Path keyFile() {
        return folder.resolve("backup.key");
    }
}
