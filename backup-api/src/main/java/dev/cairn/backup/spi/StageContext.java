package dev.cairn.backup.spi;

import dev.cairn.backup.CancellationToken;
import java.time.Instant;
import java.util.Optional;

/** What the engine lends a dataset while a restore is staged, swapped and ended, in the process that began it and in one that recovers it. */
public interface StageContext {

    /** The restore's id: 1 to 64 characters that may stand in a file name; unique for ever within the host's state store. */
    String restoreId();

    /** When the restore began, for dated names. */
    Instant startedAt();

    /** Tells whether the work is still wanted; asked only while staging, never after the first swap. */
    CancellationToken cancellation();

    /**
     * Makes a value durable in the host's state store before it returns. Keys are 1 to 64 characters of {@code a-z 0-9 -}. Saving
     * the same value again does nothing.
     *
     * @throws IllegalStateException if the key holds another value
     */
    void save(String key, byte[] value);

    /** What was saved under the key, in whichever process. */
    Optional<byte[]> load(String key);
}
