package dev.cairn.backup.core.browse;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.Entry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** An entry's content on its way into a store: counted, digested, and cancelled between reads. Size and checksum are those of the last stream read. */
final class DigestingContent implements BlobContent {

    private final String dataset;
    private final Entry entry;
    private final MessageDigest digest;
    private final CancellationToken cancellation;
    private long size;

    DigestingContent(String dataset, Entry entry, MessageDigest digest, CancellationToken cancellation) {
        this.dataset = dataset;
        this.entry = entry;
        this.digest = digest;
        this.cancellation = cancellation;
    }

    long size() {
        return size;
    }

    String checksum() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public InputStream open() {
        digest.reset();
        size = 0;
        try {
            return new Digesting(entry.content().open());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private BackupException unreadable(IOException cause) {
        return new SourceException(
                dataset,
                entry.path() + " cannot be read: " + cause,
                "Give the process the right to read it, exclude it, or look after the disk",
                cause);
    }

    private final class Digesting extends FilterInputStream {

        Digesting(InputStream in) {
            super(in);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            cancellation.throwIfCancelled("snapshot");
            int count;
            try {
                count = in.read(buffer, offset, length);
            } catch (IOException e) {
                throw unreadable(e);
            }
            if (count > 0) {
                digest.update(buffer, offset, count);
                size += count;
            }
            return count;
        }

        @Override
        public long skip(long count) {
            return 0;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
