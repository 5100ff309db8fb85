package dev.cairn.backup.examples.show;

import java.util.ArrayList;
import java.util.List;

/**
 * Two states side by side.
 *
 * @param lines what was compared, one line each
 * @param differences what differed, one line each; empty if nothing did
 */
public record Comparison(List<String> lines, List<String> differences) {

    /** Copies the lists. */
    public Comparison {
        lines = List.copyOf(lines);
        differences = List.copyOf(differences);
    }

    /** What was held before, line by line, and where it is otherwise now. */
    public static Comparison of(List<String> before, List<String> now) {
        List<String> differences = new ArrayList<>();
        before.stream().filter(line -> !now.contains(line)).forEach(line -> differences.add("missing: " + line));
        now.stream().filter(line -> !before.contains(line)).forEach(line -> differences.add("unexpected: " + line));
        return new Comparison(before, differences);
    }

    /** Whether nothing differed. */
    public boolean isEqual() {
        return differences.isEmpty();
    }
}
