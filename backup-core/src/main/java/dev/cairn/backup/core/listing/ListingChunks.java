package dev.cairn.backup.core.listing;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one listing, each opened as what it is and checked against its place.
 *
 * @param what the listing, as it is named in errors
 */
record ListingChunks(ChunkSource source, String what) {

    /**
     * A chunk that was opened.
     *
     * @param level 0 for a leaf
     * @param in the chunk after its level
     */
    record Opened(int level, ByteReader in) {}

    /** @param place what the node above says, or null for the root */
    Opened open(ChunkId id, @Nullable Place place) {
        byte[] bytes = source.get(id);
        if (bytes.length > ListingFormat.MAX_CHUNK) {
            throw new DamagedRepositoryException(
                    what, "has the listing chunk " + id.hex() + " of " + bytes.length + " bytes", null);
        }
        ByteReader in = new ByteReader(what, id, bytes);
        int level = in.u8();
        if (level > ListingFormat.MAX_LEVEL || (place != null && level >= place.below())) {
            throw in.damage("level " + level + " is not below the one above");
        }
        return new Opened(level, in);
    }

    ListingNode node(Opened opened, @Nullable Place place) {
        ListingNode node = ListingNode.decode(opened.in());
        if (place != null) {
            byte[] first = node.firstPath(0);
            if (!place.isFirst(first, first.length)) {
                throw opened.in().damage("a node does not begin with the path that the node above names");
            }
            if (node.total() != place.entries()) {
                throw opened.in().damage("a node has another number of entries than the node above counts");
            }
        }
        return node;
    }
}
