package dev.cairn.backup.spi;

/** What became of {@link BlobStore#putIfAbsent}. */
public enum PutOutcome {
    /** The blob is in the store, durable, and this call put it there. */
    CREATED,
    /** A blob of that name was there before; it is unchanged. It may be this caller's own, from a call whose answer was lost. */
    EXISTS,
    /**
     * The blob may or may not be in the store and, if it is, may or may not survive a power cut. If it is there it is complete. The
     * caller reads it back and compares its own token or bytes; a blob that is found again after a fresh
     * {@link BlobStore#stat} is still not promised durable until a later put in the same folder succeeded.
     */
    UNKNOWN
}
