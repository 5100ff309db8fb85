package dev.cairn.backup.fs.scratch;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A folder that belongs to this process while a lock on the file beside it is held. {@code <token>.lock} is made and locked first, then {@code <token>};
 * whoever gets the lock knows that the owner has ended, because the system drops it with the process.
 */
public final class HeldFolder implements AutoCloseable {

    private static final String LOCK = ".lock";

    /** Only what has a name of ours is ever removed: somebody may give a folder that holds other things too. */
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\\.lock)?");

    /**
     * What this process holds. POSIX drops a lock when the process closes <em>any</em> descriptor of the file (fcntl(2)), so one's own lock
     * files must not even be opened to look.
     */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Path lockFile;
    private final FileChannel channel;

    private HeldFolder(Path folder, Path lockFile, FileChannel channel) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /** Makes and holds a new folder in {@code parent}. */
    public static HeldFolder in(Path parent) throws IOException {
        DurableFiles.createDirectories(parent);
        return FileIo.call(() -> {
            while (true) {
                String token = UUID.randomUUID().toString();
                Path lockFile = parent.resolve(token + LOCK);
                OWN.add(token);
                FileChannel channel = FileChannel.open(
                        lockFile,
                        Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS),
                        DurableFiles.ownerOnly(lockFile, "rw-------"));
                boolean held = false;
                try {
                    // Another process may have found the file before it was locked, locked it itself and removed it.
                    held = channel.tryLock() != null && Files.exists(lockFile, NOFOLLOW_LINKS);
                    if (held) {
                        Path folder = parent.resolve(token);
                        Files.createDirectory(folder, DurableFiles.ownerOnly(folder, "rwx------"));
                        return new HeldFolder(folder, lockFile, channel);
                    }
                } finally {
                    if (!held) {
                        OWN.remove(token);
                        channel.close();
                    }
                }
            }
        });
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** Removes what processes that have ended left in {@code parent}. What cannot be removed stays for the next time. */
    public static void clean(Path parent) throws IOException {
        List<Path> locks = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        // Folders are listed first: one that is listed has had its lock file before, so a missing lock file means that
        // nobody holds it.
        list(parent, folders, false);
        list(parent, locks, true);
        for (Path lock : locks) {
            removeIfAbandoned(lock);
        }
        for (Path folder : folders) {
            if (!Files.exists(parent.resolve(folder.getFileName() + LOCK), NOFOLLOW_LINKS)) {
                DurableFiles.deleteTree(folder);
            }
        }
    }

    private static void list(Path parent, List<Path> found, boolean lockFiles) throws IOException {
        if (!Files.isDirectory(parent, NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (NAME.matcher(name).matches()
                        && name.endsWith(LOCK) == lockFiles
                        && (lockFiles || Files.isDirectory(entry, NOFOLLOW_LINKS))) {
                    found.add(entry);
                }
            }
        }
    }

    private static void removeIfAbandoned(Path lockFile) throws IOException {
        String name = String.valueOf(lockFile.getFileName());
        String token = name.substring(0, name.length() - LOCK.length());
        if (OWN.contains(token)) {
            return;
        }
        FileIo.call(() -> {
            try (FileChannel channel = FileChannel.open(lockFile, Set.of(WRITE, NOFOLLOW_LINKS));
                    FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    DurableFiles.deleteTree(lockFile.resolveSibling(token));
                    Files.deleteIfExists(lockFile);
                }
            } catch (OverlappingFileLockException e) {
                // Held within this process, through another class loader.
            }
            return lockFile;
        });
    }

    @Override
    public void close() {
        try {
            DurableFiles.deleteTree(folder);
            Files.deleteIfExists(lockFile);
        } catch (IOException e) {
            // The lock ends below; the next clean() of any process removes what is left.
        }
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing depends on it.
        } finally {
            String name = String.valueOf(folder.getFileName());
            OWN.remove(name);
        }
    }
}
