package dev.cairn.backup.spi;

import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The few storage operations that a repository needs. A store knows nothing of snapshots; it never overwrites, renames, appends or
 * caches, and it does not retry what failed.
 *
 * <p>Implementations are safe for use by many threads and, where {@link #singleWriter} is false, by many processes. Errors are
 * {@link dev.cairn.backup.StoreException}, {@link dev.cairn.backup.BlobNotFoundException} or the exception that the caller's own
 * content threw, wrapped in a {@code StoreException} unless it is a {@link dev.cairn.backup.BackupException} already. An interrupted
 * thread keeps its flag; an implementation whose I/O an interrupt would break does that I/O on threads of its own.
 */
public interface BlobStore extends AutoCloseable {

    /**
     * Stores a blob under a name that is free. All or nothing, durable when it returns {@link PutOutcome#CREATED}; of any number of
     * concurrent calls for one name exactly one creates it.
     *
     * <p>After a failure (an exception, a crash or a power cut) the blob is absent or complete; remains of the attempt may take up
     * space under names that no operation shows, until the store cleans them. A name is never seen with a part of its content, and a blob
     * that was there before is never changed.
     *
     * @return what became of it
     * @throws dev.cairn.backup.StoreException if nothing was stored, with the reason
     */
    PutOutcome putIfAbsent(BlobName name, BlobContent content);

    /**
     * Opens a blob for reading from its beginning. A blob that is deleted meanwhile is read to its end or fails; it never ends early.
     *
     * @throws dev.cairn.backup.BlobNotFoundException if there is none
     */
    InputStream read(BlobName name);

    /**
     * Reads a part of a blob.
     *
     * @param offset the first byte, at least 0
     * @param length the number of bytes, at least 0
     * @return exactly {@code length} bytes
     * @throws dev.cairn.backup.BlobNotFoundException if there is none
     * @throws dev.cairn.backup.StoreException if the blob ends before {@code offset + length}
     */
    byte[] readRange(BlobName name, long offset, int length);

    /** The blob's size, or empty if there is none of that name. */
    Optional<BlobInfo> stat(BlobName name);

    /**
     * All blobs whose name begins with {@code folder} and a slash, at any depth, in the order of their names; for the empty folder, all
     * blobs. Complete: a blob whose put returned before this call began, and that nobody deletes, is listed. Blobs put or deleted
     * meanwhile may be listed or not.
     *
     * @param folder a blob name, or the empty string
     */
    List<BlobInfo> list(String folder);

    /**
     * The names, each one component, of the folders and blobs directly below {@code folder}. A folder is listed while any blob lies in it;
     * one that has become empty may be listed or not. Complete as {@link #list} is.
     *
     * @param folder a blob name, or the empty string
     */
    Set<String> children(String folder);

    /**
     * Removes a blob. Needs no free space. A deletion that returned survives a power cut; after a failure the blob is there, whole, or gone.
     *
     * @return whether there was one
     */
    boolean delete(BlobName name);

    /**
     * Removes many blobs, in any order; those that are not there are passed over. When it returns all deletions survive a power cut; after a
     * failure each of the blobs is there, whole, or gone. Stores override it where that is cheaper than one by one.
     */
    default void deleteAll(Collection<BlobName> names) {
        names.forEach(this::delete);
    }

    /**
     * Whether the store lacks what makes {@link #putIfAbsent} safe between processes, and its user has declared that only one process
     * writes. A store that lacks it without that declaration refuses to open.
     */
    default boolean singleWriter() {
        return false;
    }

    /** Whether the place where blobs are kept lies within, or contains, the given place; see {@link Location}. */
    default Optional<Location> location() {
        return Optional.empty();
    }

    /**
     * Private local room next to this store, where datasets may copy what they must read slowly; empty if the store has none. The engine
     * takes the room of the state store unless the host gives another.
     */
    default Optional<ScratchSpace> scratch() {
        return Optional.empty();
    }

    /** A short description for messages, without secrets, such as the folder. */
    String describe();

    /** Releases what the store holds; blobs stay. Idempotent. */
    @Override
    void close();
}
