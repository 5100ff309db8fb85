package dev.cairn.backup.benchmarks;

import java.util.Arrays;

/** Measured durations in nanoseconds. One thread adds; another may ask once it has seen the end of that. */
final class Samples {

    private long[] nanos = new long[4096];
    private int size;

    synchronized void add(long value) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = value;
    }

    /** Forgets what was measured so far. */
    synchronized void clear() {
        size = 0;
    }

    synchronized Distribution distribution() {
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return new Distribution(sorted);
    }

    /** Sorted durations. */
    record Distribution(long[] sorted) {

        int count() {
            return sorted.length;
        }

        /** The smallest value that at least that share of all does not exceed, in milliseconds; nearest rank, nothing interpolated. */
        double percentile(double share) {
            if (sorted.length == 0) {
                return Double.NaN;
            }
            int rank = (int) Math.ceil(share * sorted.length);
            return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)] / 1e6;
        }

        double max() {
            return percentile(1);
        }
    }
}
