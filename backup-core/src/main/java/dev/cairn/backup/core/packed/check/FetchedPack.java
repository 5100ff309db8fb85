package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.spi.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A pack that was read from its beginning to its end and compared with its name.
 *
 * @param pack the pack
 * @param from where its parts are read from now on
 * @param size how many bytes it has
 * @param problem why it is not what its name tells of; empty if it is
 */
record FetchedPack(PackId pack, BlobStore from, long size, Optional<String> problem) {

    /** Packs have about 16 MiB; a larger one is asked of the store a second time, in ranges, rather than held. */
    private static final int MOST_HELD = 32 << 20;

    private static final int PIECE = 64 << 10;

    /**
     * Reads one.
     *
     * @param listed its size as the store listed it
     * @throws dev.cairn.backup.BlobNotFoundException if it is gone
     * @throws StoreException if the store cannot be reached at all
     */
    static FetchedPack fetch(BlobStore blobs, PackId pack, long listed) {
        MessageDigest sha = Algorithms.sha256();
        byte[] held = new byte[listed <= MOST_HELD ? (int) listed : 0];
        byte[] piece = new byte[PIECE];
        long read = 0;
        try (InputStream in = blobs.read(pack.blob())) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                sha.update(piece, 0, n);
                if (read + n <= held.length) {
                    System.arraycopy(piece, 0, held, (int) read, n);
                }
                read += n;
            }
        } catch (IOException e) {
            return new FetchedPack(pack, blobs, listed, Optional.of("it cannot be read whole: " + e));
        } catch (StoreException e) {
            String reason = Findings.readError(e);
            return new FetchedPack(pack, blobs, listed, Optional.of("it cannot be read whole: " + reason));
        }
        boolean right = HexFormat.of().formatHex(sha.digest()).equals(pack.hex());
        BlobStore from = read > held.length
                ? blobs
                : new HeldPack(pack.blob(), read == held.length ? held : Arrays.copyOf(held, (int) read));
        return new FetchedPack(
                pack,
                from,
                read,
                right ? Optional.empty() : Optional.of("its " + read + " bytes are not those that its name tells of"));
    }
}
