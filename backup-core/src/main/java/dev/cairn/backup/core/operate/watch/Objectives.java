package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Objective;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a host has promised of which datasets; of several declarations about one the last counts, whole. Immutable. */
public final class Objectives {

    private record Declared(DatasetSelection datasets, Objective objective) {}

    private final List<Declared> declared;

    private Objectives(List<Declared> declared) {
        this.declared = List.copyOf(declared);
    }

    /** No promises. */
    public static Objectives none() {
        return new Objectives(List.of());
    }

    /** These and one more. */
    public Objectives with(DatasetSelection datasets, Objective objective) {
        List<Declared> more = new ArrayList<>(declared);
        more.add(new Declared(datasets, objective));
        return new Objectives(more);
    }

    /** Whether nothing is promised. */
    public boolean isEmpty() {
        return declared.isEmpty();
    }

    /** That of a dataset. */
    public Objective of(String dataset) {
        Objective last = Objective.none();
        for (Declared one : declared) {
            last = one.datasets().includes(dataset) ? one.objective() : last;
        }
        return last;
    }

    /** @throws ConfigurationException if one is about a dataset that there is not */
    public Objectives requireKnown(Collection<String> datasets) {
        for (Declared one : declared) {
            for (String name : one.datasets().names()) {
                if (!datasets.contains(name)) {
                    throw new ConfigurationException(
                            "An objective names the dataset '" + name + "', configured are " + datasets,
                            "Correct the name, or add the dataset");
                }
            }
        }
        return this;
    }
}
