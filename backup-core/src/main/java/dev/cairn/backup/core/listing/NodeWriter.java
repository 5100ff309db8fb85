package dev.cairn.backup.core.listing;

import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSink;
import org.jspecify.annotations.Nullable;

/** One level of nodes above the leaves, and by it the levels above. Each has one node in memory. */
final class NodeWriter {

    /** Fewer make no node but the last of a level, so that even paths chosen with malice do not need more levels than there are. */
    private static final int MIN_CHILDREN = 4;

    private static final int MAX_LEVEL = ListingFormat.MAX_LEVEL - 1;

    private final ChunkSink sink;
    private final int level;
    private final ByteWriter node = new ByteWriter();
    private byte[] firstPath = {};
    private @Nullable ChunkId last;
    private int children;
    private long entries;
    private @Nullable NodeWriter above;

    NodeWriter(ChunkSink sink, int level) {
        if (level > MAX_LEVEL) {
            throw new LimitExceededException(
                    "the number of levels of a listing", level, MAX_LEVEL, "Back up the files as several datasets");
        }
        this.sink = sink;
        this.level = level;
    }

    /** @param path the path of the child's first entry; kept, not copied */
    void add(byte[] path, ChunkId child, long below) {
        int weight = path.length + ChunkId.BYTES + 4;
        boolean begins = children >= MIN_CHILDREN && Boundary.begins(path, level, weight);
        if (begins || (children > 0 && node.length() + weight > Boundary.MAX_BYTES)) {
            flush();
        }
        if (children == 0) {
            node.u8(level);
            firstPath = path;
        }
        node.text(path, 0, path.length);
        node.chunk(child);
        node.varint(below);
        last = child;
        children++;
        entries += below;
    }

    /** The root, once at least one child was added. */
    ChunkId finish() {
        if (above == null && children == 1 && last != null) {
            return last;
        }
        return flush().finish();
    }

    private NodeWriter flush() {
        NodeWriter parent = above;
        if (parent == null) {
            parent = new NodeWriter(sink, level + 1);
            above = parent;
        }
        parent.add(firstPath, sink.put(node.bytes(), 0, node.length()), entries);
        node.clear();
        children = 0;
        entries = 0;
        return parent;
    }
}
