package dev.cairn.backup.cli.output;

/** Colours of a terminal, or none. Immutable. */
public enum Style {
    /** No escape sequence at all. */
    PLAIN("", "", "", "", ""),
    /** The eight colours that every terminal knows. */
    COLOURED("\u001b[32m", "\u001b[31m", "\u001b[33m", "\u001b[2m", "\u001b[0m");

    private final String green;
    private final String red;
    private final String yellow;
    private final String dim;
    private final String end;

    Style(String green, String red, String yellow, String dim, String end) {
        this.green = green;
        this.red = red;
        this.yellow = yellow;
        this.dim = dim;
        this.end = end;
    }

    /** All is well. */
    public String good(String text) {
        return green + text + end;
    }

    /** Something is wrong. */
    public String bad(String text) {
        return red + text + end;
    }

    /** Something should be looked at. */
    public String warning(String text) {
        return yellow + text + end;
    }

    /** Of less importance. */
    public String faint(String text) {
        return dim + text + end;
    }
}
