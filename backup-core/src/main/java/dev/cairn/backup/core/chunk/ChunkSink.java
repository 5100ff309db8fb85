package dev.cairn.backup.core.chunk;

/** Takes chunks to be stored. */
public interface ChunkSink {

    /**
     * Stores a chunk unless the repository has it. The bytes are taken over before this returns; the caller may change them then.
     *
     * @param b holds the chunk
     * @param off where it begins
     * @param len its length, 1 byte to {@link FastCdc#MAX}
     * @return its id
     * @throws dev.cairn.backup.BackupException if it cannot be stored
     */
    ChunkId put(byte[] b, int off, int len);
}
