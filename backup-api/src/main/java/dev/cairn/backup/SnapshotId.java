package dev.cairn.backup;

import dev.cairn.backup.spi.BlobName;

/**
 * The id of a snapshot: 1 to 128 characters of {@code A-Z a-z 0-9 . _ -}, beginning with a letter or digit, without {@code ..}, not
 * ending with a dot and no device name of Windows. It is safe as a file name on every platform.
 *
 * @param value the id
 */
public record SnapshotId(String value) implements Comparable<SnapshotId> {

    /** Greatest number of characters. */
    public static final int MAX_LENGTH = 128;

    /** @throws InvalidValueException if the id is not allowed */
    public SnapshotId {
        if (!isValid(value)) {
            throw new InvalidValueException(
                    "snapshot id",
                    value,
                    "1 to 128 characters of A-Z a-z 0-9 . _ -, beginning with a letter or digit, without '..', not ending with a dot, "
                            + "no device name");
        }
    }

    /**
     * @param value the id
     * @throws InvalidValueException if the id is not allowed
     */
    public static SnapshotId of(String value) {
        return new SnapshotId(value);
    }

    private static boolean isValid(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || value.contains("..") || value.endsWith(".")) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && (i == 0 || "._-".indexOf(c) < 0)) {
                return false;
            }
        }
        return !BlobName.isDeviceName(value);
    }

    @Override
    public int compareTo(SnapshotId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
