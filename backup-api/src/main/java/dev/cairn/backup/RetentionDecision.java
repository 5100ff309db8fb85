package dev.cairn.backup;

import java.util.List;

/**
 * What retention says of one snapshot.
 *
 * @param snapshot the snapshot
 * @param kept whether it stays
 * @param reasons why it stays, or why it may go; never empty
 */
public record RetentionDecision(SnapshotId snapshot, boolean kept, List<String> reasons) {

    /** Copies the list. */
    public RetentionDecision {
        reasons = List.copyOf(reasons);
    }
}
