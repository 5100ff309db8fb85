package dev.cairn.backup.fs.blob;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.BlobContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;

/**
 * What the file system of a store can do.
 *
 * @param hardLinks whether a file can get a second name, which is how a put claims its name
 * @param directoryForce whether the names in a folder can be forced
 * @param ownerOnly whether files can be closed to other users
 */
public record FolderAbilities(boolean hardLinks, boolean directoryForce, boolean ownerOnly) {

    static FolderAbilities probe(Path root) throws IOException {
        Path file = root.resolve(TemporaryName.next());
        Path link = root.resolve(TemporaryName.next());
        try {
            DurableFiles.writeNew(file, BlobContent.of(new byte[] {1}));
            return new FolderAbilities(
                    canLink(link, file),
                    DurableFiles.directoryForceSupported(root),
                    root.getFileSystem().supportedFileAttributeViews().contains("posix"));
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(file);
        }
    }

    private static boolean canLink(Path link, Path file) {
        try {
            Files.createLink(link, file);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void report(Path root, Logger log) {
        if (!hardLinks) {
            log.warn(
                    "{} has no hard links: blobs are safe only while no other process writes there, as was declared",
                    root);
        }
        if (!directoryForce) {
            log.warn(
                    "{} cannot force folders: the last blobs may be missing, never cut short, after a power cut", root);
        }
        if (!ownerOnly) {
            log.warn("{} has no owner-only rights: whoever may enter the folder can read its blobs", root);
        }
    }
}
