package dev.cairn.backup.core.inspect;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Whether two files have the same bytes. For one thread. */
final class ContentComparison {

    static final String OPERATION = "comparing two snapshots";

    private static final int PIECE = 1 << 16;

    private final CancellationToken cancellation;
    private final byte[] first = new byte[PIECE];
    private final byte[] second = new byte[PIECE];

    ContentComparison(CancellationToken cancellation) {
        this.cancellation = cancellation;
    }

    /** Reads neither if sizes or repository decide, both up to where they differ otherwise. What is no file has no bytes. */
    boolean same(Entry before, Entry after) {
        if (before.size() != after.size()) {
            return false;
        }
        if (before.type() != EntryType.FILE
                || before.size() == 0
                || before.content().isKnownToEqual(after.content())) {
            return true;
        }
        try (InputStream one = before.content().open();
                InputStream two = after.content().open()) {
            return same(one, two);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "The content of '" + after.path() + "' cannot be read: " + e,
                    "Look after the repository's disk",
                    e);
        }
    }

    private boolean same(InputStream one, InputStream two) throws IOException {
        while (true) {
            cancellation.throwIfCancelled(OPERATION);
            int length = one.readNBytes(first, 0, PIECE);
            int other = two.readNBytes(second, 0, PIECE);
            if (!Arrays.equals(first, 0, length, second, 0, other)) {
                return false;
            }
            if (length < PIECE) {
                return true;
            }
        }
    }
}
