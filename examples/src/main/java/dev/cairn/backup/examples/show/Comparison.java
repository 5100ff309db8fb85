package dev.cairn.backup.examples.show;

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

    /** Whether nothing differed. */
    public boolean isEqual() {
        return differences.isEmpty();
    }
}
