package dev.cairn.backup.core.listing;

import java.util.Arrays;

/**
 * The order of entry paths without taking them apart. Component by component by unsigned bytes of UTF-8 is the same as byte by byte with
 * {@code /} below every other byte: where two paths first differ, either two bytes of one component differ, or one component has ended (by a
 * slash or with the path) and is a prefix of the other, hence less. No path holds a NUL, so 0 is free to stand for the slash.
 */
final class PathOrder {

    private PathOrder() {}

    /** Compares two ranges of UTF-8. */
    static int compare(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
        int i = Arrays.mismatch(a, aFrom, aTo, b, bFrom, bTo);
        if (i < 0) {
            return 0;
        }
        int aLeft = aTo - aFrom - i;
        int bLeft = bTo - bFrom - i;
        if (aLeft == 0 || bLeft == 0) {
            return Integer.compare(aLeft, bLeft);
        }
        return rank(a[aFrom + i]) - rank(b[bFrom + i]);
    }

    static int compare(byte[] a, byte[] b) {
        return compare(a, 0, a.length, b, 0, b.length);
    }

    /** Compares two paths as they stand, without encoding them. */
    static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return rank(x) - rank(y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Whether the path in this range is {@code top} or lies below it. */
    static boolean isWithin(byte[] top, byte[] path, int from, int to) {
        int length = to - from;
        return top.length == 0
                || (length >= top.length
                        && Arrays.equals(top, 0, top.length, path, from, from + top.length)
                        && (length == top.length || path[from + top.length] == '/'));
    }

    private static int rank(byte b) {
        return b == '/' ? 0 : b & 0xff;
    }

    /** UTF-8 puts what UTF-16 writes as a pair of surrogates above all the rest, while the surrogates lie below U+E000. */
    private static int rank(char c) {
        if (c == '/') {
            return 0;
        }
        if (c < Character.MIN_SURROGATE) {
            return c;
        }
        return c > Character.MAX_SURROGATE ? c - 0x800 : c + 0x2000;
    }
}
