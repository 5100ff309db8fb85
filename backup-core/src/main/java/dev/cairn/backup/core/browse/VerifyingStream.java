package dev.cairn.backup.core.browse;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Hands out stored content and, before it reports the end, compares size and checksum with the manifest. */
final class VerifyingStream extends InputStream {

    private final InputStream in;
    private final SnapshotId snapshot;
    private final String entry;
    private final long size;
    private final String checksum;
    private final MessageDigest digest;
    private long read;
    private boolean ended;

    VerifyingStream(
            InputStream in, SnapshotId snapshot, String entry, long size, String checksum, MessageDigest digest) {
        this.in = in;
        this.snapshot = snapshot;
        this.entry = entry;
        this.size = size;
        this.checksum = checksum;
        this.digest = digest;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0 || ended) {
            return length == 0 ? 0 : -1;
        }
        int count = in.read(buffer, offset, length);
        if (count < 0) {
            checkEnd();
            ended = true;
            return -1;
        }
        read += count;
        if (read > size) {
            throw damaged("is longer than the " + size + " bytes of the manifest");
        }
        digest.update(buffer, offset, count);
        return count;
    }

    private void checkEnd() {
        if (read != size) {
            throw damaged("has " + read + " bytes, the manifest says " + size);
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(checksum)) {
            throw damaged("does not match its checksum");
        }
    }

    private DamagedSnapshotException damaged(String problem) {
        return new DamagedSnapshotException(snapshot, entry, problem, null);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
