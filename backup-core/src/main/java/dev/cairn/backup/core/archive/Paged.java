package dev.cairn.backup.core.archive;

import dev.cairn.backup.spi.EntryContent;
import java.io.IOException;
import java.io.InputStream;

/** Content that consists of pages. */
record Paged(EntryContent content, int pageSize) implements EntryContent {

    static EntryContent of(EntryContent content, int pageSize) {
        return pageSize == 0 ? content : new Paged(content, pageSize);
    }

    @Override
    public InputStream open() throws IOException {
        return content.open();
    }
}
