package dev.cairn.backup.cursor;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened. */
final class SimTally {

    private final Map<String, Integer> counts = new TreeMap<>();

    void add(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    int count(String what) {
        return counts.getOrDefault(what, 0);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
