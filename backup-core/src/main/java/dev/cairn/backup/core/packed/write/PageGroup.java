package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.core.chunk.ChunkHasher;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.spi.PageChanges;
import java.io.IOException;
import java.util.Arrays;

/**
 * Consecutive pages of a content on their way into chunks: the hashes of all, and the bytes of those that were read. Bytes that the source was not asked for are those of the parent, and are
 * read from the repository when they must be stored anew. Handed from thread to thread, for one at a time.
 */
final class PageGroup {

    private static final int HASH = ChunkHasher.PAGE_HASH_BYTES;
    private static final int NOT_READ = -1;

    private final ParentPages known;
    private final long firstPage;
    private final int pageSize;
    private final int length;
    private final byte[] hashes;
    private final boolean[] same;

    /** Where each page is in {@link #bytes}. */
    private final int[] at;

    private byte[] bytes;
    private int read;

    private PageGroup(ParentPages known, long firstPage, int pageSize, int length, byte[] bytes) {
        int pages = (length + pageSize - 1) / pageSize;
        this.known = known;
        this.firstPage = firstPage;
        this.pageSize = pageSize;
        this.length = length;
        this.hashes = new byte[pages * HASH];
        this.same = new boolean[pages];
        this.at = new int[pages];
        this.bytes = bytes;
    }

    /** A group of which all bytes were read: the first {@code length} of the buffer, which is the group's until it is taken. */
    static PageGroup read(
            ParentPages known, long firstPage, int pageSize, byte[] buffer, int length, ChunkHasher hasher) {
        PageGroup group = new PageGroup(known, firstPage, pageSize, length, buffer);
        group.read = length;
        for (int i = 0; i < group.pages(); i++) {
            group.at[i] = i * pageSize;
            group.compare(i, hasher);
        }
        return group;
    }

    /** A group of which nothing was read yet; {@code room} bytes are going to be. */
    static PageGroup begun(ParentPages known, long firstPage, int pageSize, int length, int room) {
        PageGroup group = new PageGroup(known, firstPage, pageSize, length, new byte[room]);
        Arrays.fill(group.at, NOT_READ);
        return group;
    }

    /** Reads a page, by its number in the content. */
    void read(int number, PageChanges changes, ChunkHasher hasher) throws IOException {
        int page = (int) (number - firstPage);
        changes.read(number, bytes, read);
        at[page] = read;
        read += pageSize;
        compare(page, hasher);
    }

    /** What was not read is as the parent had it. */
    void fill() {
        for (int i = 0; i < same.length; i++) {
            if (at[i] == NOT_READ) {
                known.hash(firstPage + i, hashes, i * HASH);
                same[i] = known.isKept(firstPage + i);
            }
        }
    }

    private void compare(int i, ChunkHasher hasher) {
        hasher.pageHash16(bytes, at[i], length(i), hashes, i * HASH);
        same[i] = known.has(firstPage + i, hashes, i * HASH);
    }

    /** Bytes of all its pages. */
    int length() {
        return length;
    }

    /** How many pages it has. */
    int pages() {
        return same.length;
    }

    /** One after the other. */
    byte[] hashes() {
        return hashes;
    }

    /** Bytes of a page: fewer than the others have, if it is the last of a content. */
    int length(int page) {
        return Math.min(pageSize, length - page * pageSize);
    }

    /** Whether a page stays where the parent has it. */
    boolean isSame(int page) {
        return same[page];
    }

    /** Whether so many pages must be stored, or the group would come to consist of so many pieces, that it is better stored whole. */
    boolean isBetterWhole(int mostPieces) {
        boolean[] stored = new boolean[same.length];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = !same[i];
        }
        return isMostly(stored) || known.pieces(firstPage, stored) > mostPieces;
    }

    /** Whether at least half are true. */
    static boolean isMostly(boolean[] stored) {
        int count = 0;
        for (boolean one : stored) {
            count += one ? 1 : 0;
        }
        return 2 * count >= stored.length;
    }

    /** What holds the bytes that were read, to be used again when the group is done with. */
    byte[] buffer() {
        return bytes;
    }

    /** All bytes, in their order, from the beginning of an array that may be longer. */
    byte[] whole() {
        if (read == length) {
            return bytes; // Pages are read in their order.
        }
        byte[] all = new byte[length];
        for (int i = 0; i < same.length; i++) {
            copy(i, all, i * pageSize);
        }
        return all;
    }

    /** The bytes of a page. */
    void copy(int page, byte[] into, int offset) {
        if (at[page] == NOT_READ) {
            known.read(firstPage + page, into, offset, length(page));
        } else {
            System.arraycopy(bytes, at[page], into, offset, length(page));
        }
    }

    /** Where the parent has a page that is the same. */
    Extent kept(int page) {
        return known.extent(firstPage + page, length(page));
    }
}
