package dev.cairn.backup.cli.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong in one file. Not thread-safe. */
final class Mistakes {

    private final List<Mistake> found = new ArrayList<>();

    void add(Place place, String problem, String allowed) {
        found.add(new Mistake(place, problem, allowed));
    }

    /** @throws InvalidConfigurationException if there is any */
    void throwIfAny(String file) {
        if (!found.isEmpty()) {
            found.sort(
                    Comparator.<Mistake>comparingInt(mistake -> mistake.place().line())
                            .thenComparingInt(mistake -> mistake.place().column()));
            throw new InvalidConfigurationException(file, found);
        }
    }
}
