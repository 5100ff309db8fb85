package dev.cairn.backup.spi;

/** What an entry is. */
public enum EntryType {
    /** A file, a database, a serialized object: bytes. */
    FILE,
    /** A folder; it has attributes and no content. */
    DIRECTORY,
    /** A symbolic link; its target is kept as it stands and never followed. */
    SYMLINK,
    /** Another name of a file that came earlier in the same dataset; its target is that entry's path. */
    HARD_LINK
}
