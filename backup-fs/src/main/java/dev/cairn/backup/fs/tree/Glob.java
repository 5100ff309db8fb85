package dev.cairn.backup.fs.tree;

import dev.cairn.backup.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for paths below a root, the same on every platform: components joined by {@code /}; {@code *} and {@code ?} within a component,
 * <code>{a,b}</code> and {@code [a-z]} as in a shell, {@code **} for any number of components, backslash to quote. {@code *.log} means the top
 * level only, {@code **}{@code /*.log} any level. A pattern that matches a folder covers all below it.
 */
final class Glob {

    private static final Pattern ANY_DEPTH = Pattern.compile("");

    private final List<Pattern> components = new ArrayList<>();
    private final String text;

    Glob(String text) {
        this.text = text;
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        for (String component : trimmed.split("/", -1)) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                throw refused();
            }
            components.add(component.equals("**") ? ANY_DEPTH : compiled(component));
        }
    }

    /** Whether it matches the path or a folder above it. */
    boolean covers(List<String> path) {
        return covers(0, path, 0);
    }

    private boolean covers(int part, List<String> path, int at) {
        if (part == components.size()) {
            return at > 0;
        }
        if (components.get(part) == ANY_DEPTH) {
            boolean last = part == components.size() - 1;
            return last
                    ? at < path.size()
                    : covers(part + 1, path, at) || (at < path.size() && covers(part, path, at + 1));
        }
        return at < path.size() && matches(part, path.get(at)) && covers(part + 1, path, at + 1);
    }

    /** Whether it may match something below the folder. */
    boolean leadsThrough(List<String> folder) {
        for (int at = 0; at < folder.size(); at++) {
            if (at == components.size() || components.get(at) == ANY_DEPTH) {
                return true;
            }
            if (!matches(at, folder.get(at))) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(int part, String component) {
        return components.get(part).matcher(component).matches();
    }

    private Pattern compiled(String component) {
        StringBuilder regex = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '{' -> {
                    braces++;
                    regex.append("(?:");
                }
                case '}' -> {
                    regex.append(braces > 0 ? ")" : "\\}");
                    braces = Math.max(0, braces - 1);
                }
                case ',' -> regex.append(braces > 0 ? "|" : ",");
                case '[' -> {
                    int end = component.indexOf(']', i + 2);
                    if (end < 0) {
                        throw refused();
                    }
                    String set = component.substring(i + 1, end);
                    boolean negated = set.startsWith("!");
                    regex.append(negated ? "[^" : "[")
                            .append((negated ? set.substring(1) : set).replaceAll("[\\\\\\[\\]&^]", "\\\\$0"))
                            .append(']');
                    i = end;
                }
                case '\\' -> {
                    if (++i == component.length()) {
                        throw refused();
                    }
                    regex.append(Pattern.quote(String.valueOf(component.charAt(i))));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw refused();
        }
    }

    private InvalidValueException refused() {
        return new InvalidValueException(
                "glob",
                text,
                "a relative pattern: components joined by '/' with * ? [a-z] {a,b} inside one component and ** for any number of them, "
                        + "brackets and braces closed");
    }

    @Override
    public String toString() {
        return text;
    }
}
