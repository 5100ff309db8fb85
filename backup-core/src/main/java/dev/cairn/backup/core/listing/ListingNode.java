package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;
import java.util.Arrays;

/** A node, taken apart and checked: its children's first paths rise, and none is empty. Immutable. */
final class ListingNode {

    private final byte[] bytes;
    private final int[] pathFrom;
    private final int[] pathTo;
    private final long[] entries;
    private final long total;

    private ListingNode(byte[] bytes, int[] pathFrom, int[] pathTo, long[] entries, long total) {
        this.bytes = bytes;
        this.pathFrom = pathFrom;
        this.pathTo = pathTo;
        this.entries = entries;
        this.total = total;
    }

    /** @param in stands after the level */
    static ListingNode decode(ByteReader in) {
        // A child takes at least the length of its path, the id and the number of entries.
        int most = (in.bytes().length - in.position()) / (ChunkId.BYTES + 2);
        int[] from = new int[most];
        int[] to = new int[most];
        long[] entries = new long[most];
        long total = 0;
        int n = 0;
        for (; in.hasMore(); n++) {
            int length = in.varint(ListingFormat.MAX_PATH_BYTES, "the length of a path");
            int start = in.skip(length);
            in.skip(ChunkId.BYTES);
            long below = in.varint();
            if (below == 0 || below > Long.MAX_VALUE - total) {
                throw in.damage("a child has an impossible number of entries");
            }
            if (n > 0
                    && PathOrder.compare(in.bytes(), from[n - 1], to[n - 1], in.bytes(), start, start + length) >= 0) {
                throw in.damage("the paths of children do not rise");
            }
            from[n] = start;
            to[n] = start + length;
            entries[n] = below;
            total += below;
        }
        if (n == 0) {
            throw in.damage("a node has no child");
        }
        return new ListingNode(
                in.bytes(), Arrays.copyOf(from, n), Arrays.copyOf(to, n), Arrays.copyOf(entries, n), total);
    }

    int children() {
        return entries.length;
    }

    ChunkId child(int i) {
        return ChunkId.read(bytes, pathTo[i]);
    }

    byte[] firstPath(int i) {
        return Arrays.copyOfRange(bytes, pathFrom[i], pathTo[i]);
    }

    boolean isWithin(byte[] top, int i) {
        return PathOrder.isWithin(top, bytes, pathFrom[i], pathTo[i]);
    }

    boolean isBefore(byte[] top, int i) {
        return PathOrder.compare(bytes, pathFrom[i], pathTo[i], top, 0, top.length) < 0;
    }

    /** How many entries are below a child. */
    long entries(int i) {
        return entries[i];
    }

    /** How many entries are below all of them. */
    long total() {
        return total;
    }

    /** The last child whose first path is at or before the path: the only one that can hold it. The first child if all come later. */
    int seek(byte[] path) {
        int low = 0;
        int high = entries.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            boolean after = PathOrder.compare(bytes, pathFrom[middle], pathTo[middle], path, 0, path.length) > 0;
            low = after ? low : middle;
            high = after ? middle - 1 : high;
        }
        return low;
    }
}
