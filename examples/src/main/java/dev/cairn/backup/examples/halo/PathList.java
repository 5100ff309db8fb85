package dev.cairn.backup.examples.halo;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A list of paths as a caller gives it: comma separated, trimmed, each once.
 *
 * @param parameter the parameter's name
 * @param names what it names; empty if it names nothing
 */
record PathList(String parameter, List<String> names) {

    /** Copies the list. */
    PathList {
        names = List.copyOf(names);
    }

    /** @throws InvalidValueException if one of them could lead out of {@code HALO_HOME}, or into a part of one */
    static PathList of(String parameter, String text) {
        Set<String> names = new LinkedHashSet<>();
        Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> {
                    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._ -]{0,63}") || name.contains("..")) {
                        throw new InvalidValueException(
                                parameter,
                                name,
                                "names of folders in HALO_HOME, such as " + String.join(",", HaloHome.PATHS));
                    }
                    names.add(name);
                });
        return new PathList(parameter, new ArrayList<>(names));
    }

    /**
     * Those that are there, or all if none was named.
     *
     * @throws InvalidValueException if some were named and none is there
     */
    List<String> among(List<String> there) {
        if (names.isEmpty()) {
            return there;
        }
        List<String> found = names.stream().filter(there::contains).toList();
        if (found.isEmpty()) {
            throw new InvalidValueException(parameter, String.join(",", names), "at least one of " + there);
        }
        return found;
    }

    /** Those that were named and are not there. */
    List<String> missing(List<String> there) {
        return names.stream().filter(name -> !there.contains(name)).toList();
    }

    static DatasetSelection selection(List<String> names) {
        return DatasetSelection.only(names.toArray(String[]::new));
    }
}
