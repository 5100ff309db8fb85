package dev.cairn.backup.testkit;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The puts of a faulty store: tears and a limit on space. Thread-safe. */
final class FaultyPuts {

    private final BlobStore delegate;
    private final Map<Long, FaultyBlobStore.Tear> tears = new ConcurrentHashMap<>();
    private volatile @Nullable AtomicLong room;

    FaultyPuts(BlobStore delegate) {
        this.delegate = delegate;
    }

    void tear(long number, FaultyBlobStore.Tear tear) {
        tears.put(number, tear);
    }

    void fullAfter(long bytes) {
        room = new AtomicLong(bytes);
    }

    void heal() {
        tears.clear();
        room = null;
    }

    PutOutcome put(long number, BlobName name, BlobContent content) {
        FaultyBlobStore.Tear tear = tears.get(number);
        if (tear == null) {
            return delegate.putIfAbsent(name, limited(name, content));
        }
        switch (tear) {
            case NOTHING_STORED -> {
                readHalf(name, content);
                throw failure(StoreException.Reason.IO, number, name, "nothing was stored");
            }
            case LOST_UNKNOWN -> {
                return PutOutcome.UNKNOWN;
            }
            case STORED_UNKNOWN -> {
                delegate.putIfAbsent(name, limited(name, content));
                return PutOutcome.UNKNOWN;
            }
            case STORED_BUT_FAILS -> {
                delegate.putIfAbsent(name, limited(name, content));
                throw failure(StoreException.Reason.OUTCOME_UNKNOWN, number, name, "the answer was lost");
            }
        }
        throw new AssertionError(tear);
    }

    /** Reads some of the content, as a store that fails half-way has. */
    private static void readHalf(BlobName name, BlobContent content) {
        try (InputStream in = content.open()) {
            in.readNBytes(Math.max(1, in.available() / 2));
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "The content for blob '" + name + "' could not be read",
                    "See the cause",
                    e);
        }
    }

    private BlobContent limited(BlobName name, BlobContent content) {
        AtomicLong left = room;
        return left == null ? content : () -> new Limited(content.open(), left, name);
    }

    private static StoreException failure(StoreException.Reason reason, long number, BlobName name, String what) {
        return new StoreException(
                reason,
                "Injected tear of put " + number + " of '" + name + "': " + what,
                "Nothing: a test wanted it",
                null);
    }

    /** Takes what is read from the room that is left; the store below sees a content that fails and stores nothing. */
    private static final class Limited extends FilterInputStream {

        private final AtomicLong left;
        private final BlobName name;

        Limited(InputStream in, AtomicLong left, BlobName name) {
            super(in);
            this.left = left;
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            take(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            take(Math.max(0, count));
            return count;
        }

        private void take(int bytes) {
            if (bytes > 0 && left.addAndGet(-bytes) < 0) {
                throw new StoreException(
                        StoreException.Reason.FULL,
                        "Injected: no space left for blob '" + name + "'",
                        "Nothing: a test wanted it",
                        null);
            }
        }
    }
}
