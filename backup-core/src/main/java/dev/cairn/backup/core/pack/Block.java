package dev.cairn.backup.core.pack;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.FastCdc;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of a pack: consecutive chunks that were compressed together. Immutable as long as nobody changes the arrays, which are not
 * copied.
 *
 * @param offset where its stored bytes begin in the pack's body
 * @param stored its bytes in the body: 1 to {@code raw}, and exactly {@code raw} without zstd
 * @param raw its bytes when decoded: 1 to {@link #MAX_RAW}, the sum of {@code lengths}
 * @param zstd whether the stored bytes are a zstd frame; else they are the raw bytes
 * @param chunks the ids of its chunks, in order
 * @param lengths the bytes of each chunk, each 1 to {@link FastCdc#MAX}
 */
public record Block(int offset, int stored, int raw, boolean zstd, ChunkId[] chunks, int[] lengths) {

    /** Greatest number of raw bytes: 16 MiB. */
    public static final int MAX_RAW = 16 << 20;

    /** Bytes of a block in a directory, without its chunks. */
    static final int HEADER_BYTES = 13;

    /** Bytes of a chunk in a directory. */
    static final int CHUNK_BYTES = ChunkId.BYTES + 4;

    /** @throws InvalidValueException if it is not a block that the format allows */
    public Block {
        String problem = chunks.length != lengths.length
                ? "as many lengths as chunks"
                : problem(offset, stored, raw, zstd, lengths);
        if (problem != null) {
            throw new InvalidValueException("block", describe(offset, stored, raw, chunks.length), problem);
        }
    }

    /** Bytes that this block takes in a directory. */
    public int directoryBytes() {
        return HEADER_BYTES + CHUNK_BYTES * chunks.length;
    }

    /** What is allowed where the figures of a block are not; null if they are. */
    static @Nullable String problem(long offset, int stored, int raw, boolean zstd, int[] lengths) {
        if (raw < 1 || raw > MAX_RAW) {
            return "a block of 1 byte to 16 MiB of raw bytes";
        }
        if (stored < 1 || stored > raw || (!zstd && stored != raw)) {
            return "a block with 1 to as many stored bytes as raw ones, and as many where it is not compressed";
        }
        if (offset < 0 || offset + stored > Integer.MAX_VALUE) {
            return "a block that ends within 2 GiB";
        }
        long sum = 0;
        for (int length : lengths) {
            if (length < 1 || length > FastCdc.MAX) {
                return "a block of chunks of 1 byte to 8 MiB";
            }
            sum += length;
        }
        return sum == raw ? null : "a block whose chunks are as long together as its raw bytes";
    }

    static String describe(long offset, int stored, int raw, int chunks) {
        return "offset " + offset + ", stored bytes " + Integer.toUnsignedString(stored) + ", raw bytes "
                + Integer.toUnsignedString(raw) + ", chunks " + chunks;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Block that
                && offset == that.offset
                && stored == that.stored
                && raw == that.raw
                && zstd == that.zstd
                && Arrays.equals(chunks, that.chunks)
                && Arrays.equals(lengths, that.lengths);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * offset + stored) + Arrays.hashCode(chunks);
    }

    @Override
    public String toString() {
        return "Block[" + describe(offset, stored, raw, chunks.length) + (zstd ? ", zstd]" : "]");
    }
}
