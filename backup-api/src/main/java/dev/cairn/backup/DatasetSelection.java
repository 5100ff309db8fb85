package dev.cairn.backup;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which datasets a schedule or request is about.
 *
 * @param everything whether it is about all of the manager's
 * @param names otherwise their names, at least one
 */
public record DatasetSelection(boolean everything, Set<String> names) {

    /** @throws InvalidValueException if nothing is selected */
    public DatasetSelection {
        names = Set.copyOf(names);
        if (!everything && names.isEmpty()) {
            throw new InvalidValueException("datasets", "none", "at least one name, or all()");
        }
    }

    /** All datasets of the manager. */
    public static DatasetSelection all() {
        return new DatasetSelection(true, Set.of());
    }

    /**
     * The named ones.
     *
     * @param names one or more names
     */
    public static DatasetSelection only(String... names) {
        return new DatasetSelection(false, new LinkedHashSet<>(List.of(names)));
    }

    /** Whether the dataset of that name is selected. */
    public boolean includes(String name) {
        return everything || names.contains(name);
    }
}
