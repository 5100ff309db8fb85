package dev.cairn.backup.core.inspect;

import dev.cairn.backup.DatasetSummary;
import java.util.Optional;

/**
 * How a dataset differs between two snapshots.
 *
 * @param dataset its name
 * @param before what the first snapshot says of it; empty if it does not have it
 * @param after what the second snapshot says of it; empty if it does not have it
 * @param added entries that only the second has
 * @param removed entries that only the first has
 * @param changed entries of another type or content
 * @param attributes entries of which only time, mode, owner or group differ; 0 unless they were to be compared
 * @param same entries that are alike
 * @param bytesAdded content bytes of what was added
 * @param bytesRemoved content bytes of what was removed
 * @param bytesChanged content bytes, in the second snapshot, of what was changed
 */
public record DatasetDifference(
        String dataset,
        Optional<DatasetSummary> before,
        Optional<DatasetSummary> after,
        long added,
        long removed,
        long changed,
        long attributes,
        long same,
        long bytesAdded,
        long bytesRemoved,
        long bytesChanged) {

    /** Whether both snapshots have it, of one kind and with the same entries. */
    public boolean isEqual() {
        return standing(before).equals(standing(after)) && added + removed + changed + attributes == 0;
    }

    /** A source that was missing is not the same as one that held nothing. */
    private static String standing(Optional<DatasetSummary> summary) {
        return summary.map(held -> held.kind() + (held.present() ? "" : ", absent"))
                .orElse("none");
    }
}
