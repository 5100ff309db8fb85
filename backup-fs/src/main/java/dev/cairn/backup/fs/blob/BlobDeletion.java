package dev.cairn.backup.fs.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.fs.durable.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Removes a blob durably, then folders that have become empty. */
public final class BlobDeletion {

    private BlobDeletion() {}

    /** Removes the file of a blob; tells whether there was one. */
    public static boolean delete(Path root, Path file) throws IOException {
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS) || !Files.deleteIfExists(file)) {
            return false;
        }
        forceRemaining(root, file.getParent());
        prune(root, file.getParent());
        return true;
    }

    /** A concurrent delete of a neighbour may have pruned the folder already; its own name then goes with the folder above. */
    private static void forceRemaining(Path root, @Nullable Path emptied) throws IOException {
        for (Path folder = emptied; folder != null; folder = folder.getParent()) {
            try {
                DurableFiles.forceDirectory(folder);
                return;
            } catch (NoSuchFileException e) {
                if (folder.equals(root)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Removing a folder fails while anything is in it, also a put's temporary file; a put that has just made the folder and not yet used it
     * makes it again. The removal is not forced: an empty folder that a power cut brings back harms nobody.
     */
    private static void prune(Path root, @Nullable Path emptied) {
        try {
            Path folder = emptied;
            while (folder != null && !folder.equals(root) && DurableFiles.deleteIfEmpty(folder)) {
                folder = folder.getParent();
            }
        } catch (IOException e) {
            // The blob is gone, which is what was asked; the empty folder shows no blob.
        }
    }
}
