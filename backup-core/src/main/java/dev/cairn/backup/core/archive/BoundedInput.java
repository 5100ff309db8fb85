package dev.cairn.backup.core.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * Hands out no more than was allowed. The tar parser reads long names and PAX records into memory at the length that the archive claims; under an
 * allowance the claim costs an attacker as much as it costs us. Closes nothing.
 */
final class BoundedInput extends InputStream {

    private final InputStream in;
    private long allowed;

    BoundedInput(InputStream in) {
        this.in = in;
    }

    /** Allows so many bytes from here, whatever was left of the last allowance. */
    void allow(long bytes) {
        allowed = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (allowed == 0) {
            throw DamagedArchiveException.whole("has a header that is longer than any that an export writes", null);
        }
        int count = in.read(into, offset, (int) Math.min(length, allowed));
        allowed -= Math.max(count, 0);
        return count;
    }
}
