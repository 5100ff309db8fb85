package dev.cairn.backup.benchmarks;

import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * All that the benchmarks know of how continuous protection is switched on and asked.
 *
 * @param switchOn the same dataset, continuously protected with the defaults
 * @param status how far the protection of a manager's one dataset has come; empty before it has begun
 */
record ContinuousSite(
        UnaryOperator<SqliteDataset> switchOn, Function<SnapshotManager, Optional<ProtectionStatus>> status) {

    /** Empty where the library under measurement has no continuous protection; what needs it is then left out. */
    static Optional<ContinuousSite> find() {
        return Optional.empty();
    }
}
