package dev.cairn.backup.spi;

import java.util.Optional;

/**
 * One thing that a dataset yields or that a snapshot holds.
 *
 * @param path its place in the dataset
 * @param type what it is
 * @param size content bytes: exact when read from a snapshot, the best estimate before capture; 0 for anything but a file
 * @param attributes what is kept beside the content
 * @param linkTarget the target of a symbolic link as it stands, or the path of the entry that a hard link names; empty for others
 * @param content the bytes of a file; empty content for others
 */
public record Entry(
        EntryPath path,
        EntryType type,
        long size,
        EntryAttributes attributes,
        Optional<String> linkTarget,
        EntryContent content) {

    /** @throws IllegalArgumentException if the parts contradict each other */
    public Entry {
        boolean link = type == EntryType.SYMLINK || type == EntryType.HARD_LINK;
        if (link != linkTarget.isPresent()) {
            throw new IllegalArgumentException(type + " " + path + (link ? " without" : " with") + " a link target");
        }
        if (size < 0 || (size > 0 && type != EntryType.FILE)) {
            throw new IllegalArgumentException(type + " " + path + " of " + size + " bytes");
        }
    }

    /** A file. */
    public static Entry file(EntryPath path, long size, EntryAttributes attributes, EntryContent content) {
        return new Entry(path, EntryType.FILE, size, attributes, Optional.empty(), content);
    }

    /** A folder. */
    public static Entry directory(EntryPath path, EntryAttributes attributes) {
        return new Entry(path, EntryType.DIRECTORY, 0, attributes, Optional.empty(), EntryContent.EMPTY);
    }

    /** A symbolic link with its target as it stands. */
    public static Entry symlink(EntryPath path, EntryAttributes attributes, String target) {
        return new Entry(path, EntryType.SYMLINK, 0, attributes, Optional.of(target), EntryContent.EMPTY);
    }

    /** Another name of the file {@code first}, which comes earlier in the same dataset. */
    public static Entry hardLink(EntryPath path, EntryAttributes attributes, EntryPath first) {
        return new Entry(path, EntryType.HARD_LINK, 0, attributes, Optional.of(first.value()), EntryContent.EMPTY);
    }
}
