package dev.cairn.backup.core.index;

import dev.cairn.backup.core.pack.PackId;

/**
 * Where a chunk lies.
 *
 * @param pack the pack
 * @param blockOffset where its block's stored bytes begin in the pack's body
 * @param blockStored how many they are
 * @param blockRaw the block's bytes when decoded
 * @param zstd whether the block is a zstd frame, else the raw bytes
 * @param offset where the chunk begins in the decoded block
 * @param length the chunk's bytes
 */
public record ChunkPlace(
        PackId pack, int blockOffset, int blockStored, int blockRaw, boolean zstd, int offset, int length) {}
