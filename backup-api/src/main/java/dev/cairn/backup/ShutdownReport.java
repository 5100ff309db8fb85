package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of the snapshot at shutdown. It is also kept in the state store and shown by {@code health()} after the next start.
 *
 * @param outcome what became of it
 * @param snapshot the snapshot, if it is complete
 * @param detail why it was skipped or failed; empty if complete
 * @param at when
 * @param elapsed how long the shutdown took
 */
public record ShutdownReport(
        Outcome outcome, Optional<SnapshotId> snapshot, String detail, Instant at, Duration elapsed) {

    /** What became of it. */
    public enum Outcome {
        /** Taken and durable. */
        COMPLETE,
        /** Not begun: not wanted, not expected to fit, or a restore was unfinished. */
        SKIPPED,
        /** Begun and failed or cancelled at the deadline; nothing is listed. */
        FAILED
    }
}
