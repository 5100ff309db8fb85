package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what changes names, on real paths, and records it. */
final class NameChanges {

    private final OperationLog log;
    private final Faults faults;

    NameChanges(OperationLog log, Faults faults) {
        this.log = log;
        this.faults = faults;
    }

    /** Where a path leads when its last name may be a symbolic link, also one to nothing. */
    Path followed(Path real) throws IOException {
        if (Files.exists(real)) {
            return real.toRealPath();
        }
        if (!Files.isSymbolicLink(real)) {
            return real;
        }
        return real.resolveSibling(Files.readSymbolicLink(real));
    }

    void createDirectory(Path real, FileAttribute<?>... attributes) throws IOException {
        synchronized (log) {
            faults.beforeOperation("mkdir " + log.shown(real));
            Files.createDirectory(real, attributes);
            log.made("mkdir", real);
        }
    }

    void createSymbolicLink(Path real, Path target, FileAttribute<?>... attributes) throws IOException {
        synchronized (log) {
            faults.beforeOperation("symlink " + log.shown(real));
            Files.createSymbolicLink(real, target, attributes);
            log.made("symlink", real);
        }
    }

    void createLink(Path real, Path existing) throws IOException {
        synchronized (log) {
            faults.beforeOperation("link " + log.shown(real));
            Integer inode = log.inode(existing, LinkOption.NOFOLLOW_LINKS);
            OperationLog.Place place = log.place(real);
            refuseCrossing(inode, place, existing, real);
            Files.createLink(real, existing);
            if (place != null && inode != null) {
                log.linked(real, place, inode);
            }
        }
    }

    void delete(Path real) throws IOException {
        synchronized (log) {
            faults.beforeOperation("remove " + log.shown(real));
            Integer inode =
                    Files.exists(real, LinkOption.NOFOLLOW_LINKS) ? log.inode(real, LinkOption.NOFOLLOW_LINKS) : null;
            Files.delete(real);
            OperationLog.Place place = log.place(real);
            if (place != null && inode != null) {
                log.removed(real, place, inode);
            }
        }
    }

    void move(Path from, Path to, Set<CopyOption> options) throws IOException {
        synchronized (log) {
            faults.beforeOperation("rename " + log.shown(from) + " to " + log.shown(to));
            Integer inode =
                    Files.exists(from, LinkOption.NOFOLLOW_LINKS) ? log.inode(from, LinkOption.NOFOLLOW_LINKS) : null;
            OperationLog.Place source = log.place(from);
            OperationLog.Place target = log.place(to);
            refuseCrossing(inode, target, from, to);
            boolean replaces = Files.exists(to, LinkOption.NOFOLLOW_LINKS);
            Integer replaced = replaces ? log.inode(to, LinkOption.NOFOLLOW_LINKS) : null;
            Files.move(from, to, options.toArray(CopyOption[]::new));
            if (Files.exists(from, LinkOption.NOFOLLOW_LINKS) || inode == null || source == null || target == null) {
                // rename(2) of one name of an inode to another does nothing.
                return;
            }
            if (replaced != null && !options.contains(StandardCopyOption.ATOMIC_MOVE)) {
                // Without ATOMIC_MOVE the JDK removes the target first and renames then: two operations.
                log.removed(to, target, replaced);
            }
            log.renamed(from, source, to, target, inode);
        }
    }

    private static void refuseCrossing(
            @Nullable Integer inode, OperationLog.@Nullable Place place, Path from, Path to) {
        if ((inode == null) != (place == null) && Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnsupportedOperationException(
                    "a name cannot be carried across the border of what is recorded: " + from + " to " + to);
        }
    }
}
