package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.core.packed.store.OpenStore;

/**
 * Looks for damage. Everything is read anew, whatever this process remembers. Safe beside writers, readers, sweeps and other checks: it changes nothing but the records of what it found
 * ({@code damaged} and {@code ledger}), and what others move or remove meanwhile is looked for again before it is reported.
 */
public final class Check {

    private Check() {}

    /**
     * Checks as deep as asked:
     *
     * <ul>
     *   <li>{@code MANIFEST}: every manifest, every listing and every segment of the index can be read.
     *   <li>{@code PRESENCE}: every chunk that a manifest reaches is in a pack that is there. Packs of the wrong size, and those that an earlier check found damaged, are read whole, so
     *       that exactly the entries that they cost are named.
     *   <li>{@code CONTENT}: all packs are read whole, the least recently checked first, as many as there is time for and at least one; suspected ones always.
     *   <li>{@code RESTORE}: every file of every snapshot is put together on the way that a restore takes, newest snapshots first, as many datasets as there is time for and at least one.
     *       Contents that snapshots share are read for each of them.
     * </ul>
     *
     * <p>In the report {@code lost} is what no repair can bring back: where only the index is damaged nothing is lost. Needs the memory of a second index, and a pack for each core.
     *
     * @return what was found; after a cancellation what was found until then
     * @throws dev.cairn.backup.BackupCancelledException if the thread was interrupted
     * @throws dev.cairn.backup.StoreException if the store cannot be reached
     */
    public static RepositoryReport run(OpenStore store, RepositoryCheck check) {
        return new Examination(store, check, Timing.of(check)).run();
    }
}
