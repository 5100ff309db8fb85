package dev.cairn.backup.spi;

import dev.cairn.backup.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
        if (!value.isEmpty()) {
            String[] components = value.split("/", -1);
            boolean allowed = value.length() <= MAX_LENGTH && components.length <= MAX_DEPTH && isText(value);
            for (String component : components) {
                allowed &= !component.isEmpty() && !component.equals(".") && !component.equals("..");
            }
            if (!allowed) {
                throw new InvalidValueException(
                        "entry path",
                        value,
                        "a relative path of at most 4096 characters and 512 components joined by '/', none empty, '.' or '..', no NUL");
            }
        }
    }

    /**
     * @param value the path
     * @throws InvalidValueException if it is not allowed
     */
    public static EntryPath of(String value) {
        return new EntryPath(value);
    }

    /** Whether it has no NUL and no half of a surrogate pair, which no encoding carries. */
    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1));
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    /** Whether this is the root of the dataset. */
    public boolean isRoot() {
        return value.isEmpty();
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
        String[] mine = value.split("/", -1);
        String[] theirs = other.value.split("/", -1);
        for (int i = 0; i < Math.min(mine.length, theirs.length); i++) {
            int order = Arrays.compareUnsigned(
                    mine[i].getBytes(StandardCharsets.UTF_8), theirs[i].getBytes(StandardCharsets.UTF_8));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(mine.length, theirs.length);
    }

    @Override
    public String toString() {
        return value;
    }
}
