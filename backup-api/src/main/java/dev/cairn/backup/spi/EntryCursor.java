package dev.cairn.backup.spi;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries in path order, one at a time. For one thread; entries handed out stay valid after the next call. */
public interface EntryCursor extends AutoCloseable {

    /**
     * The next entry, or null after the last.
     *
     * @throws dev.cairn.backup.BackupException if the source or the snapshot cannot be read
     */
    @Nullable
    Entry next();

    @Override
    void close();

    /** A cursor over entries that are already in path order. */
    static EntryCursor of(List<Entry> entries) {
        Iterator<Entry> all = List.copyOf(entries).iterator();
        return new EntryCursor() {
            @Override
            public @Nullable Entry next() {
                return all.hasNext() ? all.next() : null;
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
