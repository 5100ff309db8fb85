package dev.cairn.backup.core.pack;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.BlobName;
import org.jspecify.annotations.Nullable;

/**
 * The id of a pack: the SHA-256 of its stored bytes. Ordered by its digits.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record PackId(String hex) implements Comparable<PackId> {

    /** Bytes of an id. */
    public static final int BYTES = 32;

    /** The folder of all packs in a store. */
    public static final String FOLDER = "packs";

    private static final int DIGITS = 2 * BYTES;

    /** @throws InvalidValueException if the digits are not as they must be */
    public PackId {
        if (!isHash(hex)) {
            throw new InvalidValueException("pack id", hex, "64 lower-case hexadecimal digits");
        }
    }

    /** The name of the pack's blob: {@code packs/<hh>/<sha256>}. */
    public BlobName blob() {
        return BlobName.of(FOLDER + "/" + hex.substring(0, 2) + "/" + hex);
    }

    /**
     * The id of the pack that a blob of this name is.
     *
     * @throws InvalidValueException if no pack has such a name
     */
    public static PackId of(BlobName name) {
        PackId id = parse(name);
        if (id == null) {
            throw new InvalidValueException("name of a pack", name, "packs/<hh>/<64 lower-case hexadecimal digits>");
        }
        return id;
    }

    /** The id of the pack that a blob of this name is, or null if no pack has such a name: a listing may show strangers. */
    public static @Nullable PackId parse(BlobName name) {
        String hex = name.lastComponent();
        return isHash(hex) && name.value().equals(FOLDER + "/" + hex.substring(0, 2) + "/" + hex)
                ? new PackId(hex)
                : null;
    }

    @Override
    public int compareTo(PackId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }

    private static boolean isHash(String text) {
        if (text.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }
}
