package dev.cairn.backup.core.archive;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.StoreException;
import java.io.IOException;
import java.io.InputStream;

/** The caller's stream. Its failures become typed, so that every other {@link IOException} under an import means damage. Never closes it. */
final class ArchiveSource extends InputStream {

    private final InputStream in;
    private final CancellationToken cancellation;

    ArchiveSource(InputStream in, CancellationToken cancellation) {
        this.in = in;
        this.cancellation = cancellation;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        cancellation.throwIfCancelled("reading an archive");
        try {
            return in.read(into, offset, length);
        } catch (IOException e) {
            throw new StoreException(StoreException.Reason.IO, "The archive could not be read: " + e, "Try again", e);
        }
    }
}
