package dev.cairn.backup.fs.durable;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/**
 * File operations that survive a power cut once they return. Thread-safe; an interrupt never breaks one and the flag is kept. A force that
 * failed is never tried again: since Linux 4.13 the kernel reports a failed write-back once and then takes the pages for clean, so a second force would
 * lie. The file is abandoned instead.
 */
public final class DurableFiles {

    /** Most that a host writes fits into the small one, such as marks and manifests; the large one still fits into the processor's cache. */
    private static final int SMALL_BUFFER_BYTES = 8 * 1024;

    private static final int BUFFER_BYTES = 256 * 1024;

    private DurableFiles() {}

    /**
     * Makes a folder and its missing parents, readable by the owner only where the platform has such rights, and forces the parent of each one that was
     * missing, so that their names survive too. A folder that another thread or process makes meanwhile is taken as it is.
     *
     * @throws FileAlreadyExistsException if something else than a folder has the name
     */
    public static void createDirectories(Path dir) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path d = dir.toAbsolutePath(); d != null && !Files.isDirectory(d); d = d.getParent()) {
            missing.push(d);
        }
        for (Path d : missing) {
            try {
                Files.createDirectory(d, ownerOnly(d, "rwx------"));
            } catch (FileAlreadyExistsException e) {
                // One look, which itself fails with NoSuchFileException when the folder was removed again meanwhile:
                // callers try anew.
                if (!Files.readAttributes(d, BasicFileAttributes.class).isDirectory()) {
                    throw e;
                }
            }
            Path parent = d.getParent();
            if (parent != null) {
                forceDirectory(parent);
            }
        }
    }

    /**
     * Writes a file that does not exist yet, readable by the owner only, and forces it. Its name survives a power cut once its folder was
     * forced, which is left to the caller. After a failure the file is absent; after a crash it may be there, cut short.
     *
     * @throws FileAlreadyExistsException if there is something of that name, also a dangling link; it is left alone
     * @throws IOException if it cannot be written or the content cannot be read
     */
    public static void writeNew(Path file, BlobContent content) throws IOException {
        FileIo.call(() -> {
            FileChannel channel =
                    FileChannel.open(file, Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS), ownerOnly(file, "rw-------"));
            boolean written = false;
            try (channel;
                    InputStream in = content.open()) {
                copy(in, channel);
                channel.force(true);
                written = true;
            } finally {
                if (!written) {
                    abandon(file);
                }
            }
            return file;
        });
    }

    private static void copy(InputStream in, FileChannel channel) throws IOException {
        byte[] buffer = new byte[SMALL_BUFFER_BYTES];
        for (int n = in.readNBytes(buffer, 0, buffer.length); n > 0; n = in.readNBytes(buffer, 0, buffer.length)) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (n < buffer.length) {
                return;
            }
            if (buffer.length < BUFFER_BYTES) {
                buffer = new byte[BUFFER_BYTES];
            }
        }
    }

    private static void abandon(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The failure that led here is the one to report; the remnant has a name that nobody reads.
        }
    }

    /**
     * Forces the entries of a folder: names made, moved or removed in it survive a power cut. Does nothing where
     * {@link #directoryForceSupported} is false.
     *
     * @throws IOException if it failed: what became of the names is then unknown
     */
    public static void forceDirectory(Path dir) throws IOException {
        FileIo.call(() -> {
            try (FileChannel channel = FileChannel.open(dir, READ)) {
                channel.force(true);
            } catch (AccessDeniedException e) {
                // Windows opens no folder for reading. There NTFS journals its names by itself.
                if (!isWindows()) {
                    throw e;
                }
            }
            return dir;
        });
    }

    /** Whether {@link #forceDirectory} has an effect on the folder's file system. The folder must exist. */
    public static boolean directoryForceSupported(Path dir) {
        try {
            return FileIo.call(() -> {
                try (FileChannel channel = FileChannel.open(dir, READ)) {
                    channel.force(true);
                    return true;
                }
            });
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Renames a file or folder within one file system, replacing a file of the new name, and forces both parents. After a failure it has its old
     * name, its new one or, if the force failed, one of the two after a power cut; never both and never none.
     */
    public static void moveAtomically(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path source = parentOf(from);
        Path target = parentOf(to);
        forceDirectory(target);
        if (!source.equals(target)) {
            forceDirectory(source);
        }
    }

    /**
     * Removes a file or an empty folder and forces its parent.
     *
     * @return whether there was one
     */
    public static boolean deleteDurably(Path file) throws IOException {
        boolean deleted = Files.deleteIfExists(file);
        if (deleted) {
            forceDirectory(parentOf(file));
        }
        return deleted;
    }

    /**
     * Removes a folder with all that is in it, or a file; what is gone already is no error. Links are removed, never followed. Not
     * forced: after a power cut a part may be back.
     *
     * @throws IOException if something cannot be removed; the rest was
     */
    public static void deleteTree(Path dir) throws IOException {
        TreeDeletion.delete(dir);
    }

    /**
     * Whether there is a folder, links not followed. Unlike {@link Files#isDirectory}, which takes a disk that cannot be read for a folder that is missing: whoever
     * decides by it what is left to do would leave half of it undone.
     *
     * @throws IOException if it cannot be told
     */
    public static boolean isDirectory(Path dir) throws IOException {
        try {
            return Files.readAttributes(dir, BasicFileAttributes.class, NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Whether there is anything of that name, links not followed. Unlike {@link Files#exists}, which takes a disk that cannot be read for a name that is free.
     *
     * @throws IOException if it cannot be told
     */
    public static boolean exists(Path place) throws IOException {
        try {
            Files.readAttributes(place, BasicFileAttributes.class, NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The error for callers: full disk, missing right, or any other, in words that name what was tried. */
    public static StoreException storeFailure(String what, IOException e) {
        return StoreFailures.of(what, e);
    }

    /** The rights of what is being made, where the platform has such rights; elsewhere nothing. */
    public static FileAttribute<?>[] ownerOnly(Path path, String rights) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    /** Removes an empty folder; tells whether it is gone. */
    public static boolean deleteIfEmpty(Path dir) throws IOException {
        try {
            Files.delete(dir);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    private static Path parentOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent");
        }
        return parent;
    }

    private static boolean isWindows() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    }
}
