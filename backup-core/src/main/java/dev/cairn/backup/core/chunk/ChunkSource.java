package dev.cairn.backup.core.chunk;

/** Gives chunks that were stored. */
public interface ChunkSource {

    /**
     * The whole chunk, already checked against its id. The caller must not change it.
     *
     * @throws dev.cairn.backup.DamagedRepositoryException if it is missing or not what was written
     * @throws dev.cairn.backup.StoreException if the store cannot be read
     */
    byte[] get(ChunkId id);
}
