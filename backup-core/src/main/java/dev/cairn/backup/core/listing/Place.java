package dev.cairn.backup.core.listing;

import java.util.Arrays;

/**
 * What a node says of a child, which has to be so.
 *
 * @param below the level of the node; the child's is less, so that no chain of chunks is endless
 * @param firstPath the path of the first entry below the child
 * @param entries how many entries are below it
 */
record Place(int below, byte[] firstPath, long entries) {

    boolean isFirst(byte[] path, int length) {
        return Arrays.equals(firstPath, 0, firstPath.length, path, 0, length);
    }
}
