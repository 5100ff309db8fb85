package dev.cairn.backup.spi;

import dev.cairn.backup.LogPosition;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The bytes of an entry. Streams may be opened from any thread, several at a time, and more than once.
 *
 * <p>Content of a frozen view may be opened until the view is closed; its stream ends exactly where the entry ended at the freeze. Content of
 * a snapshot is verified as it is read: a stream that reaches its end has handed out the right bytes, any other throws
 * {@link dev.cairn.backup.DamagedSnapshotException} before it reports the end.
 */
@FunctionalInterface
public interface EntryContent {

    /** No bytes. */
    EntryContent EMPTY = InputStream::nullInputStream;

    /**
     * Opens the content at its beginning; whoever opens it closes it.
     *
     * @throws IOException if it cannot be read
     * @throws dev.cairn.backup.BackupException for the typed failures above, or a dataset's own
     */
    InputStream open() throws IOException;

    /**
     * The size of the pages that the content consists of, a power of two from 512 to 65536, as in a SQLite database; 0 if it has none. A repository
     * that stores differences then keeps track of whole pages, at multiples of this size, rather than cut the content by its bytes.
     */
    default int pageSize() {
        return 0;
    }

    /**
     * Whether it is known, without reading, that another content has the same bytes: in a snapshot because both lie at the same places or have the same checksum. A false answer says nothing.
     */
    default boolean isKnownToEqual(EntryContent other) {
        return this == other;
    }

    /**
     * What has changed since an earlier state of the same dataset, if the source knows: a repository that has that state need not read the rest. Only for content of pages.
     *
     * @param earlier where the dataset's log stood then
     */
    default Optional<PageChanges> changesSince(LogPosition earlier) {
        return Optional.empty();
    }
}
