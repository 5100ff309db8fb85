package dev.cairn.backup.fs.durable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Removes a tree from the leaves up, without following links, and opens folders that forbid their owner to write. */
final class TreeDeletion extends SimpleFileVisitor<Path> {

    private @Nullable IOException first;

    private TreeDeletion() {}

    static void delete(Path dir) throws IOException {
        TreeDeletion deletion = new TreeDeletion();
        Files.walkFileTree(dir, deletion);
        if (deletion.first != null) {
            throw deletion.first;
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
        // A restored folder may be read-only; its entries can only be removed while the owner may write.
        if (!Files.isWritable(dir) || !Files.isExecutable(dir) || !Files.isReadable(dir)) {
            openForOwner(dir);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        return remove(file);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        if (e instanceof AccessDeniedException && openForOwner(file)) {
            delete(file);
            return FileVisitResult.CONTINUE;
        }
        return failed(e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) {
        return e == null ? remove(dir) : failed(e);
    }

    private FileVisitResult remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            return failed(e);
        }
        return FileVisitResult.CONTINUE;
    }

    private FileVisitResult failed(IOException e) {
        if (first == null) {
            first = e;
        }
        return FileVisitResult.CONTINUE;
    }

    private static boolean openForOwner(Path dir) {
        try {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(dir, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (view == null || !view.readAttributes().isDirectory()) {
                return false;
            }
            boolean closed = !Files.isWritable(dir) || !Files.isExecutable(dir) || !Files.isReadable(dir);
            if (closed) {
                view.setPermissions(PosixFilePermissions.fromString("rwx------"));
            }
            return closed;
        } catch (IOException e) {
            return false;
        }
    }
}
