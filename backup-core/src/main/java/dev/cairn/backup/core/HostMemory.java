package dev.cairn.backup.core;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.spi.Dataset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Which datasets of a snapshot are in the memory of a host that is down: those of the library's own kind, and what the configuration tells. */
final class HostMemory {

    /** Of {@link dev.cairn.backup.core.state.StateDataset} and of the cursors. */
    private static final String STATE = "state";

    private HostMemory() {}

    static Predicate<DatasetSummary> of(List<Dataset> configured) {
        Set<String> known = new HashSet<>();
        configured.stream()
                .filter(dataset -> dataset.location().isEmpty())
                .forEach(dataset -> known.add(key(dataset.name(), dataset.kind())));
        return summary -> summary.kind().equals(STATE) || known.contains(key(summary.name(), summary.kind()));
    }

    private static String key(String name, String kind) {
        return kind + " " + name;
    }
}
