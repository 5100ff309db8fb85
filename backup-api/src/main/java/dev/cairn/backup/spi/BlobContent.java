package dev.cairn.backup.spi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The body of a blob to be put. {@link #open} may be called again when a store retries; each stream starts at the beginning. A stream that
 * throws makes the put fail with nothing stored.
 */
@FunctionalInterface
public interface BlobContent {

    /**
     * Opens the body at its beginning; the store closes it.
     *
     * @throws IOException if it cannot be read
     */
    InputStream open() throws IOException;

    /** The given bytes, not copied: the caller must not change them. */
    static BlobContent of(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }

    /** The text in UTF-8. */
    static BlobContent of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }
}
