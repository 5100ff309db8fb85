package dev.cairn.backup.core.index;

import dev.cairn.backup.core.chunk.ChunkId;
import org.jspecify.annotations.Nullable;

/** Answers where chunks are. Thread-safe. */
public interface ChunkLookup {

    /** Whether there is a place of the chunk. */
    boolean contains(ChunkId id);

    /** Where to read the chunk; null if there is no place. */
    @Nullable
    ChunkPlace find(ChunkId id);
}
