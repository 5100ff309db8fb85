package dev.cairn.backup.spi;

import dev.cairn.backup.SnapshotId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * How snapshots are laid out in a store. Safe for use by many threads and processes at a time, unless its store is
 * {@link BlobStore#singleWriter}.
 *
 * <p>It decides nothing: what is taken, kept, verified or restored is decided by the engine.
 */
public interface SnapshotRepository extends AutoCloseable {

    /**
     * Makes the repository if there is none, or checks that it can be read and written by this version.
     *
     * @throws dev.cairn.backup.UnsupportedFormatException if it is newer
     * @throws dev.cairn.backup.StoreException if the store cannot be reached
     */
    void open();

    /**
     * Claims the next sequence number and an id for a new snapshot. Numbers grow and neither numbers nor ids are ever used twice, by any
     * process, also after a failure or after their snapshot was deleted; gaps are allowed.
     *
     * @param naming the id for a sequence number; called again with a greater number when another process was faster
     * @throws dev.cairn.backup.SnapshotExistsException if the id is or was in use
     */
    SnapshotWriter begin(LongFunction<SnapshotId> naming);

    /** Every committed snapshot and every remnant, ordered by sequence number; remnants, which have none, come first. */
    List<StoredSnapshot> list();

    /**
     * What {@link #list} answers, for whoever is about to take a snapshot and needs to know what it continues. Every snapshot that was committed before the call is in it, one of another
     * process perhaps only at a later call; one that another process has deleted may still be in it unless it is the newest, and remnants may be left out. Repositories override it where
     * they can tell without a listing that nothing was added, so that taking a snapshot costs the same however many there are.
     */
    default List<StoredSnapshot> listToContinue() {
        return list();
    }

    /** Whether there is a committed snapshot of that id at this moment. Its marks, if they were read before, were not those of a deleted one. */
    default boolean isCommitted(SnapshotId id) {
        return list().stream()
                .anyMatch(stored -> stored instanceof StoredSnapshot.Committed
                        && stored.id().equals(id));
    }

    /**
     * Opens a snapshot for reading.
     *
     * @throws dev.cairn.backup.SnapshotNotFoundException if there is nothing of that id
     * @throws dev.cairn.backup.DamagedSnapshotException if its manifest is missing or not what was written
     * @throws dev.cairn.backup.UnsupportedFormatException if it is newer than this version
     */
    SnapshotReader read(SnapshotId id);

    /**
     * Removes a snapshot or what is left of one. The manifest goes first: after a failure the snapshot is there, whole, or is a remnant
     * that another call removes. Its marks go with it; its id stays used.
     *
     * @return whether there was anything to remove
     */
    boolean delete(SnapshotId id);

    /**
     * Removes what is left of a snapshot whose writer is believed dead, and makes sure that the writer never commits it, should it only have been asleep. A snapshot that is
     * committed, also if that happened this very moment, stays as it is.
     *
     * @return whether there was a remnant
     * @throws dev.cairn.backup.StoreException if nobody knows whether the writer has just committed it; nothing of it was removed
     */
    boolean deleteRemnant(SnapshotId id);

    /** Adds a mark; one of the same kind and holder is replaced. Durable when it returns. */
    void mark(SnapshotId id, Mark mark);

    /** Removes a mark and tells whether there was one. */
    boolean unmark(SnapshotId id, Mark.Kind kind, String holder);

    /** The marks of a snapshot; empty if there are none or no such snapshot. */
    List<Mark> marks(SnapshotId id);

    /** The marks of many snapshots at once; those without marks may be left out. */
    default Map<SnapshotId, List<Mark>> marks(Collection<SnapshotId> ids) {
        return ids.stream().distinct().collect(Collectors.toMap(id -> id, this::marks));
    }

    /** Where its data lies, if that is known. */
    Optional<Location> location();

    /** Where the keys lie that open it, as far as that is known; a dataset must not contain them. */
    default List<Location> keyLocations() {
        return List.of();
    }

    /**
     * What weakens the protection that this repository gives, one sentence each with what to do about it, such as a recovery key that nobody has confirmed.
     * Reads little; health is degraded while there is any.
     */
    default List<String> problems() {
        return List.of();
    }

    /** The work that keeps a repository small and sound; empty if there is none to do in one of this kind. */
    default Optional<RepositoryMaintenance> maintenance() {
        return Optional.empty();
    }

    /** Where change logs between snapshots are kept; empty if this repository keeps none. */
    default Optional<SegmentStore> segments() {
        return Optional.empty();
    }

    /** How many bytes it takes up in its store, of all lineages; empty if that could not be told without looking at every file of every snapshot. May list the store, so ask seldom. */
    default OptionalLong storedBytes() {
        return OptionalLong.empty();
    }

    /** Where receipts and the stubs of removed snapshots are kept; empty if this repository keeps none. */
    default Optional<ProofStore> proofs() {
        return Optional.empty();
    }

    /** A short description for messages, without secrets. */
    String describe();

    @Override
    void close();
}
