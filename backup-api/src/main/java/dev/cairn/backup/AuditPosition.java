package dev.cairn.backup;

/**
 * A place in an audit log.
 *
 * @param sequence the number of the line, from 1; 0 before the first
 * @param hash the SHA-256 of the line's bytes without its line feed, 64 lower case hexadecimal digits; all zeros before the first
 */
public record AuditPosition(long sequence, String hash) {

    /** Before the first line. */
    public static final AuditPosition START = new AuditPosition(0, "0".repeat(64));

    /** @throws InvalidValueException if the sequence is negative or the hash is none */
    public AuditPosition {
        if (sequence < 0) {
            throw new InvalidValueException("sequence", sequence, "0 or more");
        }
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new InvalidValueException("hash", hash, "64 lower case hexadecimal digits");
        }
    }
}
