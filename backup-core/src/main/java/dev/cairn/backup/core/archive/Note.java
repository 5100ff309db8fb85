package dev.cairn.backup.core.archive;

import dev.cairn.backup.spi.Entry;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code comment} record says of an entry: {@code cairn} and then words, {@code no-mode} and {@code no-modified} if the snapshot has none and the
 * header only a default, {@code page=<bytes>} for content that consists of pages.
 */
record Note(boolean noMode, boolean noModified, int pageSize) {

    private static final String MARK = "cairn";

    static final Note NONE = new Note(false, false, 0);

    static Note of(Entry entry) {
        return new Note(
                entry.attributes().mode().isEmpty(),
                entry.attributes().modified().isEmpty(),
                entry.content().pageSize());
    }

    /** The record's value; empty if there is nothing to say. */
    String text() {
        if (equals(NONE)) {
            return "";
        }
        return MARK
                + (noMode ? " no-mode" : "")
                + (noModified ? " no-modified" : "")
                + (pageSize > 0 ? " page=" + pageSize : "");
    }

    /**
     * Reads a comment; what others wrote into theirs says nothing.
     *
     * @throws IllegalArgumentException if it begins as ours and goes on otherwise
     */
    static Note parse(@Nullable String comment) {
        if (comment == null || !comment.startsWith(MARK + " ")) {
            return NONE;
        }
        Note note = NONE;
        for (String word : comment.substring(MARK.length() + 1).split(" ", 4)) {
            if (word.equals("no-mode")) {
                note = new Note(true, note.noModified, note.pageSize);
            } else if (word.equals("no-modified")) {
                note = new Note(note.noMode, true, note.pageSize);
            } else if (word.startsWith("page=")) {
                note = new Note(note.noMode, note.noModified, page(word.substring("page=".length())));
            } else {
                throw new IllegalArgumentException("a comment says '" + word + "'");
            }
        }
        return note;
    }

    private static int page(String digits) {
        int size = Integer.parseInt(digits);
        if (size < 512 || size > 65536 || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("a page has " + size + " bytes");
        }
        return size;
    }
}
