package dev.cairn.backup.fs.tree;

/** Names that every encoding carries in which a platform names files: nearly all. Others must be tried. */
public final class PlainNames {

    private PlainNames() {}

    /** Whether the name is printable ASCII without a slash. */
    public static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~' || c == '/') {
                return false;
            }
        }
        return true;
    }
}
