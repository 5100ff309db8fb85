package dev.cairn.backup.spi;

import org.jspecify.annotations.Nullable;

/** Of a cursor over everything, the entry at a path and what is below it. */
final class EntriesBelow implements EntryCursor {

    private final EntryCursor all;
    private final EntryPath top;
    private boolean ended;

    EntriesBelow(EntryCursor all, EntryPath top) {
        this.all = all;
        this.top = top;
    }

    @Override
    public @Nullable Entry next() {
        while (!ended) {
            Entry entry = all.next();
            if (entry == null) {
                ended = true;
            } else if (entry.path().startsWith(top)) {
                return entry;
            } else {
                ended = entry.path().compareTo(top) > 0;
            }
        }
        return null;
    }

    @Override
    public void close() {
        all.close();
    }
}
