package dev.cairn.backup.fs;

/**
 * What a {@link FilesDataset} promises about the instant that it is captured at. The host declares it, because no file system can tell
 * how the files in it are written. Every mode but {@link #FUZZY} yields exactly what the files held at the freeze.
 */
public enum Consistency {
    /**
     * Files are only ever made, removed or replaced by a rename, never written in place. Inside the barrier: one stat a folder, a new
     * listing of each folder that changed since the walk or less than 2 seconds before it, and at most 64 opens for files that changed within the last
     * 10 minutes (512 more for files that were once replaced too soon). All other content is read later; a file that was replaced
     * in between ends the snapshot with {@link dev.cairn.backup.CutMissedException} and is pinned in the next try.
     */
    IMMUTABLE,
    /**
     * Files only grow, or are made, removed or rotated by a rename. Inside the barrier: what {@link #IMMUTABLE} costs and one stat a file;
     * a file's content is what it held at the freeze, also when it grew since. One that was cut shorter fails the snapshot.
     */
    APPEND_ONLY,
    /**
     * Anything may be written in place, under the host's lock. Everything is walked and read into memory inside the barrier, at most
     * {@link FilesDataset#inBarrierLimit} bytes; more fails the snapshot.
     */
    IN_BARRIER,
    /**
     * The host takes a snapshot of the file system (Btrfs, ZFS, LVM, a reflink copy) inside the barrier and tells where it is; the barrier lasts as long as that.
     * All is read from there.
     */
    FS_SNAPSHOT,
    /**
     * The default, and no promise at all: files are read after the barrier, which costs nothing inside it, and the manifest lists those that changed
     * after the cut or while they were read.
     */
    FUZZY
}
