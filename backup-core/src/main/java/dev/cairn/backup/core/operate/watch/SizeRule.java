package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.BackupAlert;
import dev.cairn.backup.DatasetSummary;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Finds datasets whose newest snapshot is far from what they mostly were. Unlike the suspect rule it judges nothing: a loss of a third at each of three snapshots is never half of the last one, and
 * growth is no loss at all, but fills a repository. The median of several is what a single odd snapshot does not move.
 */
final class SizeRule {

    /** How many snapshots before the newest it is compared with. */
    static final int WINDOW = 8;

    /** Of fewer nothing is usual. */
    static final int LEAST = 3;

    private static final long LEAST_BYTES = 1 << 20;
    private static final long LEAST_ENTRIES = 100;

    private SizeRule() {}

    /**
     * Adds what is found.
     *
     * @param newestFirst the newest summaries; of more than {@link #WINDOW} before the newest the rest counts for nothing
     */
    static void of(String dataset, List<DatasetSummary> newestFirst, Collection<Finding> found) {
        int before = Math.min(newestFirst.size() - 1, WINDOW);
        if (before < LEAST) {
            return;
        }
        DatasetSummary now = newestFirst.get(0);
        List<DatasetSummary> compared = newestFirst.subList(1, 1 + before);
        long bytes = median(compared, DatasetSummary::bytes);
        long entries = median(compared, DatasetSummary::entries);
        if (isFarBelow(now.bytes(), bytes, LEAST_BYTES) || isFarBelow(now.entries(), entries, LEAST_ENTRIES)) {
            found.add(new Finding(
                    BackupAlert.Kind.DATASET_SHRUNK,
                    dataset,
                    sentence("shrunk", dataset, now, bytes, entries) + "; look whether data was lost"));
        }
        if (isFarBelow(bytes, now.bytes(), LEAST_BYTES) || isFarBelow(entries, now.entries(), LEAST_ENTRIES)) {
            found.add(new Finding(
                    BackupAlert.Kind.DATASET_GROWN,
                    dataset,
                    sentence("grown", dataset, now, bytes, entries) + "; look whether all of it belongs there"));
        }
    }

    /** Whether less than half is left, of what is large enough to matter. */
    private static boolean isFarBelow(long value, long than, long least) {
        return value < than - value && than - value >= least;
    }

    private static String sentence(String how, String dataset, DatasetSummary now, long bytes, long entries) {
        return "dataset '" + dataset + "' has " + how + " to " + now.bytes() + " bytes in " + now.entries()
                + " entries, its last snapshots had " + bytes + " in " + entries + " (median)";
    }

    /** The lower of the two in the middle, if there are two. */
    private static long median(List<DatasetSummary> summaries, ToLongFunction<DatasetSummary> size) {
        long[] sorted = summaries.stream().mapToLong(size).sorted().toArray();
        return sorted[(sorted.length - 1) / 2];
    }
}
