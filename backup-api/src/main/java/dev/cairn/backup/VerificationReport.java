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
 * @param warnings what the operator should know, such as a configured dataset that the snapshot lacks, one sentence each
 * @param problems what is damaged or missing, one sentence each, naming the entry
 */
public record VerificationReport(
        SnapshotId snapshot,
        Instant verifiedAt,
        Duration elapsed,
        long entries,
        long bytes,
        List<String> warnings,
        List<String> problems) {

    /** Copies the lists. */
    public VerificationReport {
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }

    /** Whether all was read and all was right; a snapshot without any entry is not verified. */
    public boolean passed() {
        return problems.isEmpty();
    }
}
