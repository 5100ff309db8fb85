package dev.cairn.backup.spi;

import dev.cairn.backup.InvalidValueException;
import java.util.Locale;
import java.util.Set;

/**
 * The validated name of a blob: components joined by {@code /}, safe as a file name on every platform.
 *
 * <p>A component has 1 to 255 characters of {@code A-Z a-z 0-9 . _ % + = @ , -}, is not {@code .} or {@code ..}, does not end with a dot
 * and is no device name of Windows ({@code CON}, {@code nul.txt} …). The whole name has at most 1024 characters. A tilde is never
 * allowed, so that stores may use it in names of their own.
 *
 * @param value the name
 */
public record BlobName(String value) implements Comparable<BlobName> {

    /** Greatest number of characters of a name. */
    public static final int MAX_LENGTH = 1024;

    /** Greatest number of characters of a component. */
    public static final int MAX_COMPONENT = 255;

    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    /** @throws InvalidValueException if the name is not allowed */
    public BlobName {
        if (value.length() > MAX_LENGTH || value.isEmpty()) {
            throw refused(value);
        }
        for (String component : value.split("/", -1)) {
            if (!isValidComponent(component)) {
                throw refused(value);
            }
        }
    }

    /**
     * @param value the name
     * @throws InvalidValueException if the name is not allowed
     */
    public static BlobName of(String value) {
        return new BlobName(value);
    }

    /** This name with one or more components appended. */
    public BlobName resolve(String child) {
        return new BlobName(value + "/" + child);
    }

    /** The last component. */
    public String lastComponent() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** Whether {@code component} may be one component of a name. */
    public static boolean isValidComponent(String component) {
        if (component.isEmpty() || component.length() > MAX_COMPONENT || component.endsWith(".")) {
            return false;
        }
        for (int i = 0; i < component.length(); i++) {
            if (!isAllowed(component.charAt(i))) {
                return false;
            }
        }
        return !isDeviceName(component);
    }

    /** Whether the character may occur in a component. */
    public static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._%+=@,-".indexOf(c) >= 0;
    }

    /** Whether Windows would take the component, with any extension, for a device. */
    public static boolean isDeviceName(String component) {
        int dot = component.indexOf('.');
        String stem = dot < 0 ? component : component.substring(0, dot);
        return DEVICES.contains(stem.toLowerCase(Locale.ROOT));
    }

    private static InvalidValueException refused(String value) {
        return new InvalidValueException(
                "blob name",
                value,
                "1 to 1024 characters: components of A-Z a-z 0-9 . _ % + = @ , - joined by '/', none '.' or '..', none ending with a dot, "
                        + "none a device name");
    }

    @Override
    public int compareTo(BlobName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
