package dev.cairn.backup;

/**
 * Text that always fits into an audit line. What is denied comes from whoever was denied: a name of a megabyte or with broken characters must not be
 * the way to be left out of the trail. So it is cut and mended, never refused.
 */
final class AuditText {

    private static final char REPLACEMENT = '\uFFFD';

    private AuditText() {}

    /** The text with at most {@code max} characters, which end by telling how many there were; half surrogate pairs become U+FFFD. */
    static String bounded(String text, int max) {
        if (text.length() <= max) {
            return mended(text);
        }
        String end = "… (" + text.length() + " characters)";
        int cut = max - end.length();
        if (Character.isHighSurrogate(text.charAt(cut - 1))) {
            cut--;
        }
        return mended(text.substring(0, cut)) + end;
    }

    private static String mended(String text) {
        StringBuilder mended = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                i++;
            } else {
                mended.setCharAt(i, REPLACEMENT);
            }
        }
        return mended.toString();
    }
}
