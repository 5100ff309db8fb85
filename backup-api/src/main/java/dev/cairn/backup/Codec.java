package dev.cairn.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Turns a value in memory into bytes and back. Thread-safe.
 *
 * @param <T> the value's type
 */
public interface Codec<T> {

    /** The name of the file that holds the bytes in a browsable repository, such as {@code state.json}. */
    String fileName();

    /** The version of the form that {@link #encode} writes, at least 1; raise it when the form changes. */
    int schemaVersion();

    /**
     * Writes the value. The stream is left open.
     *
     * @throws IOException if the stream fails or the value cannot be written
     */
    void encode(T value, OutputStream out) throws IOException;

    /**
     * Reads a value in the form of {@code schemaVersion} or an older one, which it migrates.
     *
     * @param in the bytes; left open
     * @param storedVersion the version it was written in, from 1 to {@link #schemaVersion}; newer ones never get here
     * @throws IOException if the bytes cannot be read as that form
     */
    T decode(InputStream in, int storedVersion) throws IOException;
}
