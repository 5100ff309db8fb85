package dev.cairn.backup.core.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import java.util.Arrays;

/**
 * Compresses and restores blocks with zstd level 1. For one thread at a time; contexts and buffers are kept between calls and native
 * memory is held until {@link #close}.
 */
public final class BlockCodec implements AutoCloseable {

    private static final int LEVEL = 1;

    private final ZstdCompressCtx compressor = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private byte[] stored = new byte[0];
    private byte[] decoded = new byte[0];

    /** A codec; it has no native memory of note before its first call. */
    public BlockCodec() {
        compressor.setLevel(LEVEL).setChecksum(false).setContentSize(true);
    }

    /**
     * An encoded block.
     *
     * @param bytes begins with the block; it belongs to the codec, which writes to it in its next call
     * @param length how many bytes of it are the block
     * @param zstd whether they are a zstd frame, else the raw bytes
     */
    public record Encoded(byte[] bytes, int length, boolean zstd) {}

    /**
     * Encodes a block. It is stored as it is where zstd does not make it smaller. A frame is decoded and compared before it is returned,
     * so that an error of memory or of zstd cannot spoil a backup unnoticed.
     *
     * @param raw holds the block; not changed
     * @param off where it begins
     * @param len its length, 1 to {@link Block#MAX_RAW}
     * @throws InvalidValueException if the length is not allowed
     * @throws DamagedRepositoryException if the frame does not decode to the block
     */
    public Encoded encode(byte[] raw, int off, int len) {
        if (len < 1 || len > Block.MAX_RAW) {
            throw new InvalidValueException("length of a block", len, "1 byte to 16 MiB");
        }
        if (stored.length < len) {
            stored = new byte[len];
        }
        int length = compress(raw, off, len);
        if (length == len) {
            System.arraycopy(raw, off, stored, 0, len);
            return new Encoded(stored, len, false);
        }
        verify(length, raw, off, len);
        return new Encoded(stored, length, true);
    }

    /**
     * Decodes a block.
     *
     * @param stored holds the stored bytes, {@code len} of them from {@code off} on
     * @param zstd whether they are a zstd frame
     * @param into takes the raw bytes from its beginning; changed, up to {@code raw}, also where this fails
     * @param raw how many raw bytes there must be
     * @param what the block's name for messages
     * @throws DamagedRepositoryException if it does not decode to exactly {@code raw} bytes
     */
    public void decode(byte[] stored, int off, int len, boolean zstd, byte[] into, int raw, String what) {
        if (len < 1 || len > raw || (!zstd && len != raw)) {
            throw new DamagedRepositoryException(what, "has " + len + " stored bytes for " + raw + " raw ones", null);
        }
        if (!zstd) {
            System.arraycopy(stored, off, into, 0, raw);
            return;
        }
        try {
            if (Zstd.getFrameContentSize(stored, off, len) != raw) {
                throw new DamagedRepositoryException(what, "is no zstd frame of " + raw + " bytes", null);
            }
            int decodedBytes = decompressor.decompressByteArray(into, 0, raw, stored, off, len);
            if (decodedBytes != raw) {
                throw new DamagedRepositoryException(
                        what, "decodes to " + decodedBytes + " bytes instead of " + raw, null);
            }
        } catch (ZstdException e) {
            throw new DamagedRepositoryException(what, "cannot be decoded", e);
        }
    }

    /** Releases native memory; the codec cannot be used any more. Idempotent. */
    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }

    /** Refuses the frame in {@link #stored} unless it decodes to the raw bytes. */
    void verify(int length, byte[] raw, int off, int len) {
        if (decoded.length < len) {
            decoded = new byte[len];
        }
        decode(stored, 0, length, true, decoded, len, "a block in memory");
        if (!Arrays.equals(decoded, 0, len, raw, off, off + len)) {
            throw new DamagedRepositoryException(
                    "a block in memory", "does not decode to what was encoded: check the memory of this machine", null);
        }
    }

    /** The length of the frame in {@link #stored}, or {@code len} if it would not be smaller than the raw bytes. */
    private int compress(byte[] raw, int off, int len) {
        try {
            // One byte of room less than the raw bytes: zstd gives up when it is not smaller. A trial on a sample first
            // would gain
            // nothing: for 1 MiB of random bytes this takes 0.15 ms, copying included, against 4.3 ms for source code.
            return compressor.compressByteArray(stored, 0, len - 1, raw, off, len);
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return len;
            }
            throw new DamagedRepositoryException("a block in memory", "cannot be compressed", e);
        }
    }
}
