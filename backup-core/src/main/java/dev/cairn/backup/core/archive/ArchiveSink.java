package dev.cairn.backup.core.archive;

import dev.cairn.backup.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The caller's stream, counted and digested. Its failures become typed; after one it takes nothing more. Never closes it. */
final class ArchiveSink extends OutputStream {

    private final OutputStream out;
    private final MessageDigest digest = EntryDigest.sha256();
    private long written;
    private boolean abandoned;

    ArchiveSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (abandoned) {
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
        digest.update(bytes, offset, length);
        written += length;
    }

    @Override
    public void flush() {
        if (!abandoned) {
            try {
                out.flush();
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    /** From now on nothing is written, so that a failed export is not brought to an end that looks whole by the compressors that are closed. */
    void abandon() {
        abandoned = true;
    }

    long written() {
        return written;
    }

    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private StoreException failed(IOException cause) {
        abandoned = true;
        return new StoreException(
                StoreException.Reason.IO,
                "The archive could not be written: " + cause,
                "Remove what was written of it and export again",
                cause);
    }
}
