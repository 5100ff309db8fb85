package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * The repository, snapshot or stored value was written in a newer format than this version of Cairn (or codec of the host) reads.
 * It was left alone.
 */
public final class UnsupportedFormatException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what what has the format, such as "snapshot 'snap-3'"
     * @param found the version found
     * @param newestKnown the newest version that can be read here
     * @param snapshot the snapshot it is about, or null
     */
    public UnsupportedFormatException(String what, long found, long newestKnown, @Nullable SnapshotId snapshot) {
        super(
                what + " has format version " + found + ", the newest known here is " + newestKnown,
                "Use the newer release that wrote it",
                snapshot,
                null);
    }
}
