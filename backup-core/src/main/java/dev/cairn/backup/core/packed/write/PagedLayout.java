package dev.cairn.backup.core.packed.write;

/**
 * How a content of pages is cut into groups, which are looked at one by one.
 *
 * @param pageSize bytes of a page
 * @param groupPages pages of a group, at least 1
 * @param mostPieces extents that a group may consist of before it is put together anew
 */
record PagedLayout(int pageSize, int groupPages, int mostPieces) {

    static final int GROUP_BYTES = 1 << 20;

    /** Extents of a whole content beyond which groups are put together anew: 100 000 take about 4 MB of the listing. */
    private static final long MOST_EXTENTS = 100_000;

    private static final int MOST_PIECES = 64;

    static PagedLayout of(int pageSize, long size) {
        int groupPages = Math.max(1, GROUP_BYTES / pageSize);
        long groups = size / ((long) groupPages * pageSize);
        return new PagedLayout(pageSize, groupPages, (int)
                Math.max(1, Math.min(MOST_PIECES, MOST_EXTENTS / (1 + groups))));
    }

    int groupBytes() {
        return groupPages * pageSize;
    }
}
