package dev.cairn.backup.core.pack;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of a pack: its blocks in order, the first at offset 0 of the body, each next one where the last ended. Immutable.
 *
 * @param blocks the blocks
 */
public record PackDirectory(List<Block> blocks) {

    /** Greatest number of bytes of an encoded directory: 64 MiB. */
    public static final int MAX_BYTES = 64 << 20;

    private static final int COUNT_BYTES = 4;
    private static final int LEAST_BLOCK = Block.HEADER_BYTES + Block.CHUNK_BYTES;
    private static final byte STORED = 0;
    private static final byte ZSTD = 1;

    /** @throws InvalidValueException if the blocks do not follow one another, or their directory would be too long */
    public PackDirectory {
        blocks = List.copyOf(blocks);
        long end = 0;
        long bytes = COUNT_BYTES;
        for (Block block : blocks) {
            if (block.offset() != end) {
                throw new InvalidValueException(
                        "offset of a block", block.offset(), "where the one before ended: " + end);
            }
            end += block.stored();
            bytes += block.directoryBytes();
        }
        if (bytes > MAX_BYTES) {
            throw new InvalidValueException("length of a directory", bytes, "at most 64 MiB");
        }
    }

    /** Bytes of all stored blocks together: where the directory begins in the body. */
    public int blockBytes() {
        return blocks.isEmpty() ? 0 : last().offset() + last().stored();
    }

    /** Bytes of the encoded directory. */
    public int encodedLength() {
        int bytes = COUNT_BYTES;
        for (Block block : blocks) {
            bytes += block.directoryBytes();
        }
        return bytes;
    }

    /** The directory as the body of a pack has it before the trailer. */
    public byte[] encode() {
        byte[] out = new byte[encodedLength()];
        encode(out, 0);
        return out;
    }

    /** Writes {@link #encodedLength} bytes from {@code off} on. */
    public void encode(byte[] to, int off) {
        ByteBuffer out = ByteBuffer.wrap(to, off, to.length - off);
        out.putInt(blocks.size());
        for (Block block : blocks) {
            out.putInt(block.stored());
            out.putInt(block.raw());
            out.put(block.zstd() ? ZSTD : STORED);
            ChunkId[] chunks = block.chunks();
            int[] lengths = block.lengths();
            out.putInt(chunks.length);
            for (int i = 0; i < chunks.length; i++) {
                ChunkId id = chunks[i];
                out.putLong(id.a())
                        .putLong(id.b())
                        .putLong(id.c())
                        .putLong(id.d())
                        .putInt(lengths[i]);
            }
        }
    }

    /**
     * Reads a directory. What it allocates is bounded by {@code len}: counts are checked against the bytes that are left.
     *
     * @param directory holds it
     * @param off where it begins
     * @param len its length; all of it must be used
     * @param blobName the blob that it is from, for messages
     * @throws DamagedRepositoryException if it is not a directory that the format allows
     */
    public static PackDirectory decode(byte[] directory, int off, int len, String blobName) {
        if (len < COUNT_BYTES || len > MAX_BYTES) {
            throw damaged(blobName, "has a directory of " + len + " bytes; at least 4 and at most 64 MiB are allowed");
        }
        ByteBuffer in = ByteBuffer.wrap(directory, off, len);
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / LEAST_BLOCK) {
            throw damaged(
                    blobName, "has a directory that ends before its " + Integer.toUnsignedString(count) + " blocks");
        }
        List<Block> blocks = new ArrayList<>(count);
        long offset = 0;
        for (int i = 0; i < count; i++) {
            Block block = block(in, offset, i, blobName);
            blocks.add(block);
            offset += block.stored();
        }
        if (in.hasRemaining()) {
            throw damaged(blobName, "has a directory with " + in.remaining() + " bytes behind its last block");
        }
        return new PackDirectory(blocks);
    }

    private static Block block(ByteBuffer in, long offset, int index, String blobName) {
        if (in.remaining() < Block.HEADER_BYTES) {
            throw damaged(blobName, "has a directory that ends in block " + index);
        }
        int stored = in.getInt();
        int raw = in.getInt();
        int codec = in.get();
        int count = in.getInt();
        if (codec != STORED && codec != ZSTD) {
            throw damaged(blobName, "has block " + index + " in the unknown codec " + (codec & 0xff));
        }
        if (count < 0 || count > in.remaining() / Block.CHUNK_BYTES) {
            throw damaged(blobName, "has a directory that ends in the chunks of block " + index);
        }
        ChunkId[] chunks = new ChunkId[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            chunks[i] = new ChunkId(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            lengths[i] = in.getInt();
        }
        String allowed = Block.problem(offset, stored, raw, codec == ZSTD, lengths);
        if (allowed != null) {
            throw damaged(
                    blobName,
                    "has block " + index + " with " + Block.describe(offset, stored, raw, count) + "; allowed is "
                            + allowed);
        }
        return new Block((int) offset, stored, raw, codec == ZSTD, chunks, lengths);
    }

    private Block last() {
        return blocks.get(blocks.size() - 1);
    }

    private static DamagedRepositoryException damaged(String blobName, String problem) {
        return new DamagedRepositoryException(blobName, problem, null);
    }
}
