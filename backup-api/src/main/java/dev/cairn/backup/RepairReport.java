package dev.cairn.backup;

import java.util.List;

/**
 * What a repair did.
 *
 * @param found what was found before it; its {@code lost} is what no repair can bring back
 * @param actions what was done, one sentence each; empty if nothing was to be done
 */
public record RepairReport(RepositoryReport found, List<String> actions) {

    /** Copies the list. */
    public RepairReport {
        actions = List.copyOf(actions);
    }
}
