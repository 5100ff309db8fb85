package dev.cairn.backup.spi;

import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;

/** The work that keeps a repository small and sound. Safe beside writers, readers and other maintenance, in this and other processes. */
public interface RepositoryMaintenance {

    /**
     * Frees what no snapshot needs. After a failure, at any point, every snapshot is as it was; what was begun is taken up by the next sweep.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException if a manifest or a listing cannot be read, so that nobody knows what it needs; nothing was removed
     */
    SweepReport sweep(SweepRequest request);

    /** Looks for damage in all of the repository, as deep as asked. Damage is in the report, not thrown. Changes no snapshot. */
    RepositoryReport check(RepositoryCheck check);

    /**
     * Mends what can be mended without the sources: rebuilds the index from what is there, and takes damaged blobs out of use, so that the next snapshots
     * store their contents again. Names the entries of each snapshot that cannot be restored now. Removes no snapshot.
     */
    RepairReport repair(RepositoryCheck check);
}
