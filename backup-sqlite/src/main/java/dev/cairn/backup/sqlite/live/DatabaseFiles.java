package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.fs.durable.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A database's main file and the names that SQLite gives to what lies beside it. Values only: nothing is opened.
 *
 * @param main the main file, absolute
 */
public record DatabaseFiles(Path main) {

    /**
     * The files of the database at {@code configured}. A symbolic link is followed first: SQLite resolves it too and puts its {@code -wal} beside
     * the file that it leads to.
     */
    public static DatabaseFiles of(Path configured) {
        Path absolute = configured.toAbsolutePath().normalize();
        try {
            return new DatabaseFiles(absolute.toRealPath());
        } catch (IOException missing) {
            return new DatabaseFiles(absolute);
        }
    }

    /** The write-ahead log. */
    public Path wal() {
        return beside("-wal");
    }

    /** The shared index of the write-ahead log. */
    public Path shm() {
        return beside("-shm");
    }

    /** The rollback journal. */
    public Path journal() {
        return beside("-journal");
    }

    /** The folder that holds them. */
    public Path folder() {
        Path parent = main.getParent();
        if (parent == null) {
            throw new IllegalStateException(main + " is a root, not a database");
        }
        return parent;
    }

    /** The main file's name. */
    public String fileName() {
        return String.valueOf(main.getFileName());
    }

    /**
     * Whether there is anything at the main file's place.
     *
     * @throws IOException if it cannot be told, which must not be taken for a free place
     */
    public boolean exists() throws IOException {
        return DurableFiles.exists(main);
    }

    /** The file's size by {@code stat}; 0 if there is none. */
    public static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /**
     * What tells a file from all others of its folder for as long as it exists, in words: its inode. Empty if there is no such file or the platform has
     * no inodes. The device is left out: its number may be another one after the next boot (LVM, Btrfs, NFS), which is just when it is compared.
     */
    public static Optional<String> keyOf(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return Optional.empty();
        }
        try {
            return Optional.of(String.valueOf(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path beside(String suffix) {
        return main.resolveSibling(main.getFileName() + suffix);
    }
}
