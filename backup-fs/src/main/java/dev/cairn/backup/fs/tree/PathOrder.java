package dev.cairn.backup.fs.tree;

/** The order of names in a folder: their UTF-8 bytes, unsigned, as {@link dev.cairn.backup.spi.EntryPath} orders components. */
final class PathOrder {

    private PathOrder() {}

    /**
     * UTF-16 sorts like UTF-8 but for surrogates: they stand for code points above all others and have smaller values than U+E000 to U+FFFF.
     */
    static int compareNames(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean high = Character.isSurrogate(x);
                return high == Character.isSurrogate(y) ? Character.compare(x, y) : high ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
