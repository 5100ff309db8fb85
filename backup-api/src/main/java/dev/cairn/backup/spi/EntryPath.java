package dev.cairn.backup.spi;

import dev.cairn.backup.InvalidValueException;

/**
 * The place of an entry inside its dataset: components joined by {@code /}, relative, at most 4096 characters, none empty, {@code .} or
 * {@code ..}, none with a NUL. The root of a tree is the empty path. What else a file system forbids is for whoever restores to check.
 *
 * <p>Paths are ordered component by component by their UTF-8 bytes, unsigned, so that a folder's content follows it at once.
 *
 * @param value the path
 */
public record EntryPath(String value) implements Comparable<EntryPath> {

    /** Greatest number of characters. */
    public static final int MAX_LENGTH = 4096;

    /** Greatest number of components. */
    public static final int MAX_DEPTH = 512;

    /** The root of a dataset. */
    public static final EntryPath ROOT = new EntryPath("");

    /** @throws InvalidValueException if the path is not allowed */
    public EntryPath {
        if (!value.isEmpty() && !isAllowed(value)) {
            throw new InvalidValueException(
                    "entry path",
                    value,
                    "a relative path of at most 4096 characters and 512 components joined by '/', none empty, '.' or '..', no NUL");
        }
    }

    /**
     * @param value the path
     * @throws InvalidValueException if it is not allowed
     */
    public static EntryPath of(String value) {
        return new EntryPath(value);
    }

    /** One look at each character, nothing allocated: a capture makes one path for each file of a tree. */
    private static boolean isAllowed(String value) {
        int length = value.length();
        if (length > MAX_LENGTH) {
            return false;
        }
        int components = 1;
        int start = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c == '/') {
                if (!isComponent(value, start, i) || ++components > MAX_DEPTH) {
                    return false;
                }
                start = i + 1;
            } else if (Character.isSurrogate(c)) {
                // Half of a pair is carried by no encoding.
                if (Character.isLowSurrogate(c) || i + 1 == length || !Character.isLowSurrogate(value.charAt(++i))) {
                    return false;
                }
            } else if (c == 0) {
                return false;
            }
        }
        return isComponent(value, start, length);
    }

    private static boolean isComponent(String value, int start, int end) {
        return switch (end - start) {
            case 0 -> false;
            case 1 -> value.charAt(start) != '.';
            case 2 -> value.charAt(start) != '.' || value.charAt(start + 1) != '.';
            default -> true;
        };
    }

    /** Whether this is the root of the dataset. */
    public boolean isRoot() {
        return value.isEmpty();
    }

    /** Whether this is {@code top} or lies below it. */
    public boolean startsWith(EntryPath top) {
        return top.isRoot()
                || (value.startsWith(top.value)
                        && (value.length() == top.value.length() || value.charAt(top.value.length()) == '/'));
    }

    /** This path with one component, or several joined by {@code /}, appended. */
    public EntryPath resolve(String child) {
        return new EntryPath(isRoot() ? child : value + "/" + child);
    }

    /** The folder that this path is in; the root for a path of one component and for the root itself. */
    public EntryPath parent() {
        int slash = value.lastIndexOf('/');
        return slash < 0 ? ROOT : new EntryPath(value.substring(0, slash));
    }

    /** The last component; empty for the root. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    @Override
    public int compareTo(EntryPath other) {
        int shared = Math.min(value.length(), other.value.length());
        for (int i = 0; i < shared; i++) {
            char mine = value.charAt(i);
            char theirs = other.value.charAt(i);
            if (mine != theirs) {
                return Integer.compare(rank(mine), rank(theirs));
            }
        }
        return Integer.compare(value.length(), other.value.length());
    }

    /**
     * A component that ends comes before one that goes on. UTF-16 sorts like UTF-8 but for surrogates: they stand for code points above all others and have
     * smaller values than U+E000 to U+FFFF.
     */
    private static int rank(char c) {
        return c == '/' ? -1 : Character.isSurrogate(c) ? c + 0x10000 : c;
    }

    @Override
    public String toString() {
        return value;
    }
}
