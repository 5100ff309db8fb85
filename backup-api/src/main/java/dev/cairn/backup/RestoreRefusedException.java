package dev.cairn.backup;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A restore was refused before anything was touched: its verdict does not permit it, the plan is no longer true, or a source is
 * still in use. For {@link RestoreVerdict.TooOld} the message names the exact override; {@link RestoreVerdict.VersionAhead} has none.
 */
public final class RestoreRefusedException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable RestoreVerdict verdict;

    /**
     * @param snapshot the snapshot that was to be restored
     * @param problem why it is refused
     * @param nextStep what to do, the exact override if there is one
     * @param verdict the verdict that forbids it, or null when the reason is another
     */
    public RestoreRefusedException(
            SnapshotId snapshot, String problem, String nextStep, @Nullable RestoreVerdict verdict) {
        super(problem, nextStep, snapshot, null);
        this.verdict = verdict;
    }

    /** The verdict that forbids the restore; empty when the reason is another. */
    public Optional<RestoreVerdict> verdict() {
        return Optional.ofNullable(verdict);
    }
}
