package dev.cairn.backup.benchmarks;

import java.lang.management.ManagementFactory;

/** The heap that is in use once garbage was collected. */
final class HeapInUse {

    private static final int COLLECTIONS = 3;

    private HeapInUse() {}

    /** Bytes; the least of some collections, since references are cleared late. */
    static long bytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
