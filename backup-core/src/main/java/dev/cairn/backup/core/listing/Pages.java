package dev.cairn.backup.core.listing;

import java.util.List;

/**
 * That a content consists of pages, and a hash of each, so that the next snapshot finds the pages that changed.
 *
 * @param pageSize bytes of a page, a power of two from 512 to 65536
 * @param hashes where the hashes are, 16 bytes a page, in the order of the pages
 */
public record Pages(int pageSize, List<Extent> hashes) {

    /** @throws IllegalArgumentException if no content has pages of this size */
    public Pages {
        if (!allowed(pageSize)) {
            throw new IllegalArgumentException("pages of " + pageSize + " bytes; a power of two from 512 to 65536");
        }
        hashes = List.copyOf(hashes);
    }

    /** Whether content may consist of pages of this size. */
    static boolean allowed(long pageSize) {
        return pageSize >= 512 && pageSize <= 65536 && Long.bitCount(pageSize) == 1;
    }

    /** The bytes of the hashes of a content. */
    static long hashBytes(long size, int pageSize) {
        return ListingFormat.PAGE_HASH_BYTES * (size / pageSize + (size % pageSize == 0 ? 0 : 1));
    }
}
