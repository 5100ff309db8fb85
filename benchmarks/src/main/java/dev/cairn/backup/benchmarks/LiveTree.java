package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tree that is backed up: it becomes one release after the other, and files that both have stay as they are, with their inode and their times.
 *
 * @param root its folder
 * @param settleSeconds how long it is left alone after a change, so that no program must doubt the times of its files
 */
record LiveTree(Path root, int settleSeconds) {

    /** How many files and how many bytes. */
    record Extent(long files, long bytes) {}

    /** Becomes equal to a tree, and is read once, so that all of it is in the cache. */
    void become(Path release) throws IOException, InterruptedException {
        Files.createDirectories(root);
        Files.walkFileTree(root, new Removal(release));
        Files.walkFileTree(release, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(root.resolve(release.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path mine = root.resolve(release.relativize(file));
                if (!isSame(attributes, mine)) {
                    Files.copy(
                            file,
                            mine,
                            LinkOption.NOFOLLOW_LINKS,
                            StandardCopyOption.COPY_ATTRIBUTES,
                            StandardCopyOption.REPLACE_EXISTING);
                }
                if (attributes.isRegularFile()) {
                    try (InputStream in = Files.newInputStream(mine)) {
                        in.transferTo(OutputStream.nullOutputStream());
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
        TimeUnit.SECONDS.sleep(settleSeconds);
    }

    private static boolean isSame(BasicFileAttributes theirs, Path mine) throws IOException {
        if (!Files.exists(mine, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        BasicFileAttributes have = Files.readAttributes(mine, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return have.isRegularFile() == theirs.isRegularFile()
                && have.size() == theirs.size()
                && have.lastModifiedTime().equals(theirs.lastModifiedTime());
    }

    /** What lies in a folder. */
    static Extent extent(Path folder) throws IOException {
        long[] sums = new long[2];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sums[0]++;
                sums[1] += attributes.size();
                return FileVisitResult.CONTINUE;
            }
        });
        return new Extent(sums[0], sums[1]);
    }

    private final class Removal extends SimpleFileVisitor<Path> {

        private final Path release;

        Removal(Path release) {
            this.release = release;
        }

        private boolean isGone(Path path) {
            return !Files.exists(release.resolve(root.relativize(path)), LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (isGone(file)) {
                Files.delete(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            if (isGone(folder)) {
                Files.delete(folder);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
