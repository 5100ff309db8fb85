package dev.cairn.backup.benchmarks;

import java.util.List;

/**
 * How far figures lie apart.
 *
 * @param median the middle one; of two in the middle the mean
 * @param min the least
 * @param max the greatest
 */
record Spread(double median, double min, double max) {

    /** @throws IllegalArgumentException if there is none */
    static Spread of(List<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("no figures");
        }
        List<Double> sorted = figures.stream().sorted().toList();
        int last = sorted.size() - 1;
        double median = (sorted.get(last / 2) + sorted.get((last + 1) / 2)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(last));
    }
}
