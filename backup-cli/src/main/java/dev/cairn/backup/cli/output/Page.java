package dev.cairn.backup.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text for people, line by line. What comes from outside, such as a label, cannot command the terminal: control characters are shown as {@code \\u001b}. Not thread-safe.
 */
public final class Page {

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\\n]]");

    private final PrintStream to;
    private final Style style;

    /** A page that is written to the stream as it grows. */
    public Page(PrintStream to, Style style) {
        this.to = to;
        this.style = style;
    }

    /** A line. */
    public Page line(String text) {
        to.println(harmless(text));
        return this;
    }

    /** A line about one thing, such as a file, whose name may hold a line break and must not pass for two. */
    public Page item(String text) {
        to.println(onOneLine(text));
        return this;
    }

    /** A line about something that went well. */
    public Page good(String text) {
        to.println(style.good(harmless(text)));
        return this;
    }

    /** A line about something that is wrong. */
    public Page bad(String text) {
        to.println(style.bad(harmless(text)));
        return this;
    }

    /** A line about something that should be looked at. */
    public Page warning(String text) {
        to.println(style.warning("warning: " + harmless(text)));
        return this;
    }

    /** A line of less importance. */
    public Page note(String text) {
        to.println(style.faint(harmless(text)));
        return this;
    }

    /**
     * Rows below each other, columns as wide as their widest cell, two spaces between them.
     *
     * @param head the names of the columns
     * @param rows each with as many cells
     */
    public Page table(List<String> head, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        rows.forEach(row -> all.add(row.stream().map(Page::onOneLine).toList()));
        for (int i = 0; i < all.size(); i++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < head.size(); column++) {
                String cell = all.get(i).get(column);
                line.append(cell);
                if (column < head.size() - 1) {
                    line.append(" ".repeat(width(all, column) - cell.length() + 2));
                }
            }
            to.println(i == 0 ? style.faint(line.toString()) : line.toString());
        }
        return this;
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String onOneLine(String text) {
        return harmless(text).replace("\n", "\\u000a");
    }

    private static String harmless(String text) {
        Matcher matcher = CONTROL.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(
                String.format("\\u%04x", (int) found.group().charAt(0))));
    }
}
