package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.DatasetSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the good snapshots of a lineage tell of one dataset, gathered newest first. Not thread-safe while it is gathered, not changed after. */
final class KnownDataset {

    private @Nullable Instant newest;
    private @Nullable Instant newestVerified;
    private final List<DatasetSummary> summaries = new ArrayList<>(SizeRule.WINDOW + 1);

    /** The next older snapshot that holds it. */
    void older(Instant takenAt, boolean verified, DatasetSummary summary) {
        if (newest == null) {
            newest = takenAt;
        }
        if (verified && newestVerified == null) {
            newestVerified = takenAt;
        }
        if (summaries.size() <= SizeRule.WINDOW) {
            summaries.add(summary);
        }
    }

    Optional<Instant> newest() {
        return Optional.ofNullable(newest);
    }

    Optional<Instant> newestVerified() {
        return Optional.ofNullable(newestVerified);
    }

    /** The newest summaries, newest first; one more than sizes are compared with. */
    List<DatasetSummary> summaries() {
        return summaries;
    }
}
