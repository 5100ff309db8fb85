package dev.cairn.backup;

/**
 * How the host lets go of its data before a restore makes new data live, and takes it up again.
 *
 * @param before closes pools and stops writers; called once all data is staged and verified. If it throws, nothing was changed, and {@code after} is
 *     called
 * @param after opens pools again; called after the swap, and also after a rollback. If it throws after the swap, the restore is rolled back
 */
public record RestoreHooks(Runnable before, Runnable after) {

    /** For hosts that hold nothing open. */
    public static RestoreHooks none() {
        return new RestoreHooks(() -> {}, () -> {});
    }
}
