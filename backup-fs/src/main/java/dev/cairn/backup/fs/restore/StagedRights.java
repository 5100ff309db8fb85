package dev.cairn.backup.fs.restore;

import dev.cairn.backup.fs.tree.Modes;
import dev.cairn.backup.spi.EntryAttributes;
import java.nio.file.FileSystem;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The rights that staged files are made with: their own from the start, which spares most of them a change later, and in any case those of the owner to read
 * and write. The folder that all of them are in lets nobody else in. Thread-safe.
 */
final class StagedRights {

    private static final int OWNER = 0600;
    private static final FileAttribute<?>[] NONE = {};

    private final boolean posix;
    private final AtomicReferenceArray<FileAttribute<?>[]> byMode = new AtomicReferenceArray<>(01000);

    StagedRights(FileSystem fileSystem) {
        posix = fileSystem.supportedFileAttributeViews().contains("posix");
    }

    FileAttribute<?>[] toMake(EntryAttributes attributes) {
        if (!posix) {
            return NONE;
        }
        int mode = attributes.mode().orElse(0) | OWNER;
        FileAttribute<?>[] known = byMode.get(mode);
        if (known == null) {
            known = new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(Modes.permissions(mode))};
            byMode.set(mode, known);
        }
        return known;
    }
}
