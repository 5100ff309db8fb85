package dev.cairn.backup.fs.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lists blobs: regular files whose path is a valid blob name. What has another name is not ours to show; links are not followed. Temporary files of
 * puts that died are removed on the way.
 */
public final class BlobListing {

    private BlobListing() {}

    /** All blobs in or below a folder of the store, by name. */
    public static List<BlobInfo> list(Path root, String folder) throws IOException {
        List<BlobInfo> found = new ArrayList<>();
        Path start = folder.isEmpty() ? root : root.resolve(folder);
        StoreFolder.refuseLinks(root, start);
        if (!Files.isDirectory(start, NOFOLLOW_LINKS) && !start.equals(root)) {
            return found;
        }
        Files.walkFileTree(start, new Collector(root, start, found));
        found.sort(Comparator.comparing(BlobInfo::name));
        return found;
    }

    private static final class Collector extends SimpleFileVisitor<Path> {

        private final Path start;
        private final Path root;
        private final String separator;
        private final int rootLength;
        private final List<BlobInfo> found;

        Collector(Path root, Path start, List<BlobInfo> found) {
            this.start = start;
            this.root = root;
            this.separator = root.getFileSystem().getSeparator();
            this.rootLength = root.toString().length() + (root.toString().endsWith(separator) ? 0 : 1);
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            return dir.equals(start) || BlobName.isValidComponent(String.valueOf(dir.getFileName()))
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isRegularFile()) {
                return FileVisitResult.CONTINUE;
            }
            // As text: to take paths to pieces costs more than to look at the file, and a repository has many.
            String place = file.toString();
            String component = place.substring(place.lastIndexOf(separator) + 1);
            if (TemporaryName.isStale(component, attributes)) {
                TemporaryName.remove(file);
            } else if (BlobName.isValidComponent(component) && place.length() - rootLength <= BlobName.MAX_LENGTH) {
                String name = place.substring(rootLength).replace(separator, "/");
                found.add(new BlobInfo(BlobName.of(name), attributes.size()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException && !file.equals(root)) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }
}
