package dev.cairn.backup.core.archive;

import dev.cairn.backup.spi.EntryContent;

/** Where the contents of an archive go as they come by. */
interface ContentKeeper extends AutoCloseable {

    /** Reads up to so many bytes of the content; -1 at its end. */
    @FunctionalInterface
    interface Pieces {
        int read(byte[] into, int offset, int length);
    }

    /**
     * Reads a content to its end.
     *
     * @param size its size; fewer bytes than that are damage
     * @param entry its name, for messages
     */
    Kept keep(Pieces pieces, long size, String entry);

    /** Lets go of all contents. */
    @Override
    void close();

    /**
     * A content that was read.
     *
     * @param content may be opened by any thread and more than once until the keeper is closed
     * @param sha256 its SHA-256
     */
    record Kept(EntryContent content, byte[] sha256) {}
}
