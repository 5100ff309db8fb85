package dev.cairn.backup.spi;

import java.nio.file.Path;

/**
 * Private local room for temporary copies: readable by the owner only, bounded by a quota, emptied of what earlier processes left when it is
 * opened. Safe for many threads and processes; what a living process holds is never cleaned by another.
 */
public interface ScratchSpace {

    /**
     * Reserves room for one file. The file does not exist yet; whoever gets the room creates it.
     *
     * @param label goes into the file's name; letters, digits and {@code . _ -}
     * @param expectedBytes the size to reserve from the quota, at least 0
     * @throws dev.cairn.backup.LimitExceededException if the quota does not allow it
     * @throws dev.cairn.backup.StoreException if the room cannot be made
     */
    ScratchFile reserve(String label, long expectedBytes);

    /** Removes what processes that have ended left behind. Never fails for a file that cannot be removed; it is tried again next time. */
    void clean();

    /** A reserved place; closing it removes the file, if it was made, with anything beside it in its private folder. */
    interface ScratchFile extends AutoCloseable {

        /** The file's place, in a folder of its own that only the owner may enter. */
        Path path();

        @Override
        void close();
    }
}
