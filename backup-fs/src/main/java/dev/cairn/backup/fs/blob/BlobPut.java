package dev.cairn.backup.fs.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The recipe of a put: a file under a temporary name in the blob's folder, written and forced; a hard link under the blob's name, which fails when
 * that is taken; the folder forced; the temporary name removed. Thread-safe.
 */
public final class BlobPut {

    /** A concurrent delete may prune the folder between its making and its first file; each round needs another delete to be lost. */
    private static final int ROUNDS = 64;

    /** Where links are missing, check and rename must be one step for all threads of the process. */
    private static final Object RENAME = new Object();

    private final StoreFolder folder;
    private final FolderForces forces = new FolderForces();

    /** Puts into the folder. */
    public BlobPut(StoreFolder folder) {
        this.folder = folder;
    }

    /** Stores the blob; see {@link dev.cairn.backup.spi.BlobStore#putIfAbsent}. */
    public PutOutcome put(BlobName name, BlobContent content) {
        Path target = folder.file(name);
        boolean links = folder.abilities().hardLinks();
        try {
            // One way to another thread instead of one for each force.
            return FileIo.call(() -> put(name, content, target, links));
        } catch (BackupException e) {
            throw e;
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Putting blob '" + name + "' into " + folder.root(), e);
        } catch (RuntimeException e) {
            throw new StoreException(
                    Reason.IO,
                    "Putting blob '" + name + "' into " + folder.root() + " failed: its content threw " + e,
                    "Mend the content and try again",
                    e);
        }
    }

    private PutOutcome put(BlobName name, BlobContent content, Path target, boolean links) throws IOException {
        StoreFolder.refuseLinks(folder.root(), target.getParent());
        if (Files.exists(target, NOFOLLOW_LINKS)) {
            if (!Files.isRegularFile(target, NOFOLLOW_LINKS)) {
                throw new StoreException(
                        Reason.IO,
                        "Blob '" + name + "' is a folder or a link in " + folder.root(),
                        "Choose another name, or remove what is there",
                        null);
            }
            return durable(target, PutOutcome.EXISTS);
        }
        Path written = write(target, content);
        try {
            boolean created = links ? linked(target, written) : renamed(target, written);
            return durable(target, created ? PutOutcome.CREATED : PutOutcome.EXISTS);
        } finally {
            TemporaryName.remove(written);
        }
    }

    private Path write(Path target, BlobContent content) throws IOException {
        Path parent = parentOf(target);
        for (int round = 1; ; round++) {
            Path file = parent.resolve(TemporaryName.next());
            try {
                DurableFiles.createDirectories(parent);
                DurableFiles.writeNew(file, content);
                return file;
            } catch (NoSuchFileException e) {
                if (round == ROUNDS || Files.isDirectory(parent, NOFOLLOW_LINKS) && !isBelow(e, folder.root())) {
                    throw e;
                }
            }
        }
    }

    /** Whether the missing file is one of this store's, so that a pruned folder explains it. */
    private static boolean isBelow(NoSuchFileException e, Path root) {
        String file = e.getFile();
        return file != null && root.getFileSystem().getPath(file).startsWith(root);
    }

    private static boolean linked(Path target, Path written) throws IOException {
        try {
            Files.createLink(target, written);
            return true;
        } catch (IOException e) {
            // NFS repeats a request whose answer was lost: the link may be ours although the call failed.
            if (isSame(target, written)) {
                return true;
            }
            if (e instanceof FileAlreadyExistsException) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isSame(Path target, Path written) {
        try {
            return Files.exists(target, NOFOLLOW_LINKS) && Files.isSameFile(target, written);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean renamed(Path target, Path written) throws IOException {
        synchronized (RENAME) {
            if (Files.exists(target, NOFOLLOW_LINKS)) {
                return false;
            }
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
    }

    /** EXISTS is forced too: whoever put the blob may not have come so far, and callers rely on a blob that is there. */
    private PutOutcome durable(Path target, PutOutcome outcome) {
        try {
            forces.force(parentOf(target), folder.root());
            return outcome;
        } catch (IOException e) {
            return PutOutcome.UNKNOWN;
        }
    }

    private static Path parentOf(Path target) {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IllegalStateException(target + " has no parent");
        }
        return parent;
    }
}
