package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Walks down to the leaves in order, with one node a level and one leaf in memory. */
final class TreeCursor implements ListingReader.Cursor {

    private final ListingChunks chunks;
    private final ChunkId root;
    private final byte[] top;
    private final LeafReader leaf = new LeafReader();
    private final ArrayDeque<Frame> open = new ArrayDeque<>();
    private boolean started;
    private boolean ended;

    /** A node and the child that comes next. */
    private static final class Frame {
        final ListingNode node;
        final int level;
        int next;

        Frame(ListingNode node, int level, int next) {
            this.node = node;
            this.level = level;
            this.next = next;
        }

        /** Whether the next child and all after it begin behind everything that is within {@code top}. */
        boolean comesAfter(byte[] top) {
            return !node.isWithin(top, next) && !node.isBefore(top, next);
        }
    }

    /** @param top the path in UTF-8 at and below which entries are wanted; empty for all */
    TreeCursor(ListingChunks chunks, ChunkId root, byte[] top) {
        this.chunks = chunks;
        this.root = root;
        this.top = top;
    }

    @Override
    public @Nullable ListedEntry next() {
        if (ended) {
            return null;
        }
        // A failed walk has lost its place: it must not go on with what looks like entries.
        ended = true;
        ListedEntry entry = advance();
        ended = entry == null;
        return entry;
    }

    private @Nullable ListedEntry advance() {
        if (!started) {
            started = true;
            descend(root, null);
        }
        while (true) {
            for (ListedEntry entry = leaf.next(); entry != null; entry = leaf.next()) {
                if (leaf.isWithin(top)) {
                    return entry;
                }
                if (!leaf.isBefore(top)) {
                    return null;
                }
            }
            if (!nextChild()) {
                return null;
            }
        }
    }

    /** Opens what follows; false if nothing does that can hold a wanted entry. */
    private boolean nextChild() {
        while (!open.isEmpty() && open.peek().next == open.peek().node.children()) {
            open.pop();
        }
        Frame frame = open.peek();
        if (frame == null || frame.comesAfter(top)) {
            return false;
        }
        int i = frame.next++;
        descend(frame.node.child(i), new Place(frame.level, frame.node.firstPath(i), frame.node.entries(i)));
        return true;
    }

    private void descend(ChunkId id, @Nullable Place place) {
        ListingChunks.Opened opened = chunks.open(id, place);
        if (opened.level() == 0) {
            leaf.open(opened.in(), place);
        } else {
            ListingNode node = chunks.node(opened, place);
            open.push(new Frame(node, opened.level(), node.seek(top)));
        }
    }
}
