package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;

/**
 * A run of bytes inside a chunk.
 *
 * @param chunk the chunk
 * @param offset where in the chunk it begins, in bytes
 * @param length its bytes, at least 1; it ends within the 8 MiB that a chunk has at most
 */
public record Extent(ChunkId chunk, int offset, int length) {

    /** @throws IllegalArgumentException if no chunk can hold it */
    public Extent {
        if (offset < 0 || length < 1 || length > ListingFormat.MAX_CHUNK - offset) {
            throw new IllegalArgumentException("an extent of " + length + " bytes at " + offset + " fits no chunk");
        }
    }

    /** The bytes of all of them; more than a {@code long} counts is an {@link ArithmeticException}. */
    static long total(Iterable<Extent> extents) {
        long total = 0;
        for (Extent extent : extents) {
            total = Math.addExact(total, extent.length);
        }
        return total;
    }
}
