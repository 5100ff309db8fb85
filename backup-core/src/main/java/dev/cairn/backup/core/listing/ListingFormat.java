package dev.cairn.backup.core.listing;

import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;

/** The numbers of section 8 of the format. */
final class ListingFormat {

    /** Greatest number of bytes of a leaf or a node, as of any chunk. */
    static final int MAX_CHUNK = 8 << 20;

    /** Greatest level that a reader takes. Our writer stays one below, so that leaves and nodes together are at most 16 levels. */
    static final int MAX_LEVEL = 16;

    /** Greatest number of UTF-8 bytes of a path: a UTF-16 unit takes at most three. */
    static final int MAX_PATH_BYTES = 3 * EntryPath.MAX_LENGTH;

    static final int PAGE_HASH_BYTES = 16;

    static final int MAX_NANOS = 999_999_999;

    static final int MODIFIED = 1;
    static final int MODE = 2;
    static final int OWNER = 4;
    static final int GROUP = 8;
    static final int IDENTITY = 16;
    static final int PAGES = 32;
    static final int ALL_FLAGS = 63;

    private ListingFormat() {}

    static int code(EntryType type) {
        return switch (type) {
            case DIRECTORY -> 0;
            case FILE -> 1;
            case SYMLINK -> 2;
            case HARD_LINK -> 3;
        };
    }
}
