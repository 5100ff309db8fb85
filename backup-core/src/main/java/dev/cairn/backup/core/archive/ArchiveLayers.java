package dev.cairn.backup.core.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.cairn.backup.KeyException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The streams under a tar that is read: encryption and compression, found out by their first bytes. For one thread. */
final class ArchiveLayers implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;
    private static final int USTAR_AT = 257;
    private static final byte[] USTAR = {'u', 's', 't', 'a', 'r'};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private final Optional<ImportRequest.Seal> seal;
    private final @Nullable SealedInput sealed;
    private final InputStream compressed;
    private final InputStream tar;

    ArchiveLayers(ArchiveSource source, Optional<ImportRequest.Seal> seal) throws IOException {
        this.seal = seal;
        this.sealed = seal.isPresent() ? new SealedInput(source, seal.get().key()) : null;
        this.compressed = new BufferedInputStream(sealed == null ? source : sealed, BUFFER);
        this.tar = decompressed();
    }

    private InputStream decompressed() throws IOException {
        byte[] head = head();
        if (begins(head, 0, GZIP)) {
            return new GZIPInputStream(compressed, BUFFER);
        }
        if (begins(head, 0, ZSTD)) {
            return new ZstdInputStreamNoFinalizer(compressed);
        }
        if (begins(head, USTAR_AT, USTAR)) {
            return compressed;
        }
        if (sealed != null) {
            throw wrongKey(null);
        }
        if (SealedInput.isSealed(head)) {
            throw new KeyException(
                    KeyException.Reason.MISSING,
                    "The archive is encrypted and no key was given",
                    "Give its passphrase and the MAC that is kept beside it",
                    null);
        }
        throw DamagedArchiveException.whole("is neither a tar nor a tar with gzip or zstd", null);
    }

    private byte[] head() throws IOException {
        int length = USTAR_AT + USTAR.length;
        compressed.mark(length);
        byte[] head;
        try {
            head = compressed.readNBytes(length);
        } catch (DamagedArchiveException e) {
            throw wrongKey(e);
        }
        compressed.reset();
        return head;
    }

    private static KeyException wrongKey(@Nullable Exception cause) {
        return new KeyException(
                KeyException.Reason.WRONG,
                "The passphrase does not open the archive, or the archive was damaged at its beginning",
                "Give the passphrase and the number of rounds that it was exported with",
                cause);
    }

    private static boolean begins(byte[] head, int at, byte[] mark) {
        return head.length >= at + mark.length && Arrays.equals(head, at, at + mark.length, mark, 0, mark.length);
    }

    /** The tar. */
    InputStream tar() {
        return tar;
    }

    /**
     * Reads what is left of all layers, and checks the MAC.
     *
     * @throws DamagedArchiveException if anything but padding is left, or the MAC does not match
     */
    void requireEnd() throws IOException {
        TarEntries.requireOnlyPadding(tar);
        if (sealed != null && seal.isPresent()) {
            sealed.transferTo(java.io.OutputStream.nullOutputStream());
            sealed.requireMac(seal.get().mac());
        }
    }

    /** Gives back the memory of the decompressor; nothing of the caller's is closed. */
    @Override
    public void close() throws IOException {
        tar.close();
    }
}
