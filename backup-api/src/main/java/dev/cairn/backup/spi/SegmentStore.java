package dev.cairn.backup.spi;

import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;

/**
 * Where a repository keeps segments of change logs, by timeline (32 hexadecimal digits) and number, from 0. It knows nothing of what is in them. Safe for use by many threads and processes, as
 * the repository is. Errors are those of its {@link BlobStore}.
 */
public interface SegmentStore {

    /** What will be stored for a body: encrypted, if the repository is. Needs no store, so that a segment can wait on the local disk in this form. */
    byte[] seal(String timeline, long number, byte[] body);

    /**
     * Stores what {@link #seal} answered. Durable when it answers {@link PutOutcome#CREATED}.
     *
     * @return {@link PutOutcome#EXISTS} also if one's own earlier attempt succeeded: compare with {@link #read}
     */
    PutOutcome put(String timeline, long number, byte[] sealed);

    /**
     * The body of a segment.
     *
     * @throws dev.cairn.backup.BlobNotFoundException if there is none
     * @throws dev.cairn.backup.DamagedRepositoryException if it is not what was stored under this name
     */
    byte[] read(String timeline, long number);

    /**
     * The body that was sealed, from the form in which it waited.
     *
     * @throws dev.cairn.backup.DamagedRepositoryException if it is not what was sealed under this name
     */
    byte[] unseal(String timeline, long number, byte[] sealed);

    /** All timelines that have a segment. */
    Set<String> timelines();

    /** The numbers of a timeline's segments and the stored bytes of each. */
    SortedMap<Long, Long> list(String timeline);

    /** Removes segments; those that are not there are passed over. */
    void delete(String timeline, Collection<Long> numbers);
}
