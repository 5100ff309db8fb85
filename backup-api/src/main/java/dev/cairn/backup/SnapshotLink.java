package dev.cairn.backup;

import java.util.regex.Pattern;

/**
 * A snapshot as others refer to it, so that it can neither be changed nor exchanged without notice.
 *
 * @param id its id
 * @param sequence its sequence number, at least 1
 * @param digest SHA-256 of its manifest in canonical form, 64 lower-case hexadecimal digits; see {@code docs/proof.md}
 */
public record SnapshotLink(SnapshotId id, long sequence, String digest) {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** @throws InvalidValueException if the number or the digest is not allowed */
    public SnapshotLink {
        if (sequence < 1) {
            throw new InvalidValueException("sequence", sequence, "1 or more");
        }
        if (!DIGEST.matcher(digest).matches()) {
            throw new InvalidValueException("digest", digest, "64 lower-case hexadecimal digits");
        }
    }

    /** Number and digest as people compare them: {@code snap-7 (number 7, 0123456789ab…)}. */
    @Override
    public String toString() {
        return id + " (number " + sequence + ", " + digest.substring(0, 12) + "…)";
    }
}
