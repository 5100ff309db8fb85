package dev.cairn.backup.spi;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotProof;
import java.util.List;
import java.util.Optional;

/**
 * What a repository keeps for proof beside its snapshots: receipts and the stubs of removed snapshots, under names that begin with {@link #RECEIPTS} and {@link #STUBS}. It neither reads nor
 * removes them by itself; no retention and no sweep touches them. Safe for use by many threads and processes, as the repository is. Errors are those of its {@link BlobStore}.
 */
public interface ProofStore {

    /** The folder of receipts. */
    String RECEIPTS = "receipts";

    /** The folder of stubs. */
    String STUBS = "stubs";

    /**
     * The proof of a committed snapshot, read from the store now: nothing that this process remembers counts.
     *
     * @throws dev.cairn.backup.SnapshotNotFoundException if there is none
     * @throws dev.cairn.backup.DamagedSnapshotException if its manifest is not what was written
     */
    SnapshotProof proof(SnapshotId id);

    /** The same, but a manifest that was read before, such as by {@link SnapshotRepository#list}, need not be read again. */
    default SnapshotProof known(SnapshotId id) {
        return proof(id);
    }

    /**
     * Stores a record: encrypted, if the repository is. Durable when it answers {@link PutOutcome#CREATED}.
     *
     * @throws dev.cairn.backup.InvalidValueException if the name is in neither folder
     */
    PutOutcome put(BlobName name, byte[] body);

    /**
     * The body of a record, or empty if there is none.
     *
     * @throws dev.cairn.backup.DamagedRepositoryException if it is not what was stored under this name
     */
    Optional<byte[]> read(BlobName name);

    /** The names of all records below a folder, in their order. */
    List<BlobName> list(String folder);

    /** Removes a record and tells whether there was one. */
    boolean delete(BlobName name);
}
