package dev.cairn.backup.fs.tree;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a file told, links not followed.
 *
 * @param kind what it is
 * @param size content bytes
 * @param modified the mtime
 * @param changed the ctime, or null where the platform has none
 * @param device the device that holds it, or -1 if unknown
 * @param inode its number there, or -1 if unknown
 * @param links how many names it has, at least 1; 1 if unknown
 * @param mode permission bits 0 to 0777, or -1 if the platform has none
 * @param owner the owner's name, or null if unknown
 * @param group the group's name, or null if unknown
 */
public record FileState(
        Kind kind,
        long size,
        Instant modified,
        @Nullable Instant changed,
        long device,
        long inode,
        int links,
        int mode,
        @Nullable String owner,
        @Nullable String group) {

    /** What a name in a folder stands for. */
    public enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        /** A pipe, a socket, a device. */
        SPECIAL
    }

    /** Whether it is a folder. */
    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    /** Whether it is a regular file. */
    public boolean isFile() {
        return kind == Kind.FILE;
    }

    /** Device and inode in words, or null if unknown. */
    public @Nullable String key() {
        return inode < 0 ? null : device + ":" + inode;
    }

    /** Whether both looks saw one file, as far as the platform tells. */
    public boolean isSameFile(FileState other) {
        return device == other.device && inode == other.inode && kind == other.kind;
    }

    /**
     * Whether nothing happened to the file between the two looks: the same inode with the same size, mtime and ctime. The ctime tells a
     * file that was renamed away and back, and an inode number that was given out again.
     */
    public boolean isUnchanged(FileState other) {
        return isSameFile(other)
                && size == other.size
                && modified.equals(other.modified)
                && Objects.equals(changed, other.changed);
    }

    /** The later of mtime and ctime: a file that is renamed into place keeps its old mtime. */
    public Instant lastTouched() {
        return changed != null && changed.isAfter(modified) ? changed : modified;
    }
}
