package dev.cairn.backup.benchmarks;

import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A host with one tree of files and nothing else, everything as it is by default: a packed repository, its key, its state.
 *
 * @param home where backups live, see {@link FileHome}
 * @param tree the files
 */
record PackedHost(Path home, Path tree) {

    /** The name of the one dataset. */
    static final String DATASET = "tree";

    SnapshotManager open() {
        return Cairn.builder()
                .home(FileHome.at(home))
                .dataset(FilesDataset.of(DATASET, tree))
                .open();
    }

    /** Bytes of all files in a folder; 0 if there is none. */
    static long bytes(Path folder) throws IOException {
        long[] sum = new long[1];
        if (Files.isDirectory(folder)) {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return sum[0];
    }

    /** Removes a folder with all that is in it; nothing if there is none. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
