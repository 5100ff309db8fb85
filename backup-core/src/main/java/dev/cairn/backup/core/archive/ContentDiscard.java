package dev.cairn.backup.core.archive;

import dev.cairn.backup.spi.EntryContent;
import java.security.MessageDigest;

/** Keeps nothing but the digest. */
final class ContentDiscard implements ContentKeeper {

    private final MessageDigest sha256 = EntryDigest.sha256();
    private final byte[] piece = new byte[64 * 1024];

    @Override
    public Kept keep(Pieces pieces, long size, String entry) {
        for (long left = size; left > 0; ) {
            int count = ContentSpool.piece(pieces, piece, 0, (int) Math.min(piece.length, left), entry);
            sha256.update(piece, 0, count);
            left -= count;
        }
        return new Kept(EntryContent.EMPTY, sha256.digest());
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
