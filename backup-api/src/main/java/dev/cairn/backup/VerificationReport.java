package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What reading a whole snapshot back has shown.
 *
 * @param snapshot the snapshot
 * @param verifiedAt when it was finished
 * @param elapsed how long it took
 * @param entries entries read
 * @param bytes content bytes read
 * @param problems what is damaged or missing, one sentence each, naming the entry
 */
public record VerificationReport(
        SnapshotId snapshot, Instant verifiedAt, Duration elapsed, long entries, long bytes, List<String> problems) {

    /** Copies the list. */
    public VerificationReport {
        problems = List.copyOf(problems);
    }

    /** Whether all was read and all was right; a snapshot without any entry is not verified. */
    public boolean passed() {
        return problems.isEmpty();
    }
}
