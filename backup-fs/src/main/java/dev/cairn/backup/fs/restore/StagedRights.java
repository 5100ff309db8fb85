package dev.cairn.backup.fs.restore;

import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.Modes;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.spi.EntryAttributes;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The rights that staged files, or folders, are made with: their own from the start, which spares most of them a change later, and in any case those that
 * their owner needs to fill them. The folder that all of them are in lets nobody else in. Thread-safe.
 */
final class StagedRights {

    private static final FileAttribute<?>[] NONE = {};

    private final boolean posix;
    private final int needed;
    private final AtomicReferenceArray<FileAttribute<?> @Nullable []> byMode = new AtomicReferenceArray<>(01000);
    private final AtomicReferenceArray<@Nullable FileState> made = new AtomicReferenceArray<>(01000);

    /**
     * @param needed the owner's rights in any case, such as 0600
     */
    StagedRights(FileSystem fileSystem, int needed) {
        this.posix = fileSystem.supportedFileAttributeViews().contains("posix");
        this.needed = needed;
    }

    private int mode(EntryAttributes attributes) {
        return attributes.mode().orElse(0) | needed;
    }

    /** What to make it with. */
    FileAttribute<?>[] toMake(EntryAttributes attributes) {
        if (!posix) {
            return NONE;
        }
        int mode = mode(attributes);
        FileAttribute<?>[] known = byMode.get(mode);
        if (known == null) {
            known = new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(Modes.permissions(mode))};
            byMode.set(mode, known);
        }
        return known;
    }

    /**
     * The owner, group and mode that it has since it was made. They depend on the process, its umask and what the staging folder hands down (setgid, a
     * default ACL), so that what was made with the same rights has the same: one look tells for all. The rest of the state is that of any one of them.
     */
    FileState asMade(Path file, EntryAttributes attributes, StateReader states) throws IOException {
        int mode = mode(attributes);
        FileState known = made.get(mode);
        if (known == null) {
            known = states.read(file);
            made.set(mode, known);
        }
        return known;
    }
}
