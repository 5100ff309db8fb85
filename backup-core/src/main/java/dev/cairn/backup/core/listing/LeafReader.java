package dev.cairn.backup.core.listing;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.EntryPath;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of one leaf after the other. It remembers the last path from leaf to leaf, as paths have to rise through the whole listing.
 */
final class LeafReader {

    private final byte[] path = new byte[ListingFormat.MAX_PATH_BYTES];
    private int length;
    private boolean started;
    private @Nullable ByteReader in;
    private boolean atFirst;
    private @Nullable Place place;
    private long left;

    /**
     * Begins a leaf.
     *
     * @param in stands after the level
     * @param place what the node above says, or null if the leaf is the root
     */
    void open(ByteReader in, @Nullable Place place) {
        if (!in.hasMore()) {
            throw in.damage("a leaf has no entry");
        }
        this.in = in;
        this.place = place;
        this.left = place == null ? Long.MAX_VALUE : place.entries();
        this.atFirst = true;
    }

    /** The next entry, or null after the last of the leaf. */
    @Nullable
    ListedEntry next() {
        ByteReader leaf = in;
        if (leaf == null) {
            return null;
        }
        if (!leaf.hasMore()) {
            if (place != null && left != 0) {
                throw leaf.damage("entries are missing that the node counts");
            }
            in = null;
            return null;
        }
        readPath(leaf);
        if (left-- == 0) {
            throw leaf.damage("more entries follow than the node counts");
        }
        String text = leaf.utf8(path, 0, length);
        EntryPath entryPath;
        try {
            entryPath = new EntryPath(text);
        } catch (InvalidValueException e) {
            throw leaf.damage("a path is not allowed");
        }
        return EntryDecoder.decode(leaf, entryPath);
    }

    /** Whether the path of the entry read last is {@code top} or below it. */
    boolean isWithin(byte[] top) {
        return PathOrder.isWithin(top, path, 0, length);
    }

    /** Whether the path of the entry read last comes before {@code top}. */
    boolean isBefore(byte[] top) {
        return PathOrder.compare(path, 0, length, top, 0, top.length) < 0;
    }

    private void readPath(ByteReader leaf) {
        int shared = leaf.varint(atFirst ? 0 : length, "the shared part of a path");
        int more = leaf.varint(ListingFormat.MAX_PATH_BYTES - shared, "the length of a path");
        int from = leaf.skip(more);
        // What is shared is equal, so what comes after it decides, also against the last path of the leaf before
        // (shared is 0 then).
        if (started && PathOrder.compare(path, shared, length, leaf.bytes(), from, from + more) >= 0) {
            throw leaf.damage("the paths do not rise");
        }
        System.arraycopy(leaf.bytes(), from, path, shared, more);
        length = shared + more;
        started = true;
        if (atFirst && place != null && !place.isFirst(path, length)) {
            throw leaf.damage("a leaf does not begin with the path that the node names");
        }
        atFirst = false;
    }
}
