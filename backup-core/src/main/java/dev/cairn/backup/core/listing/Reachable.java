package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Everything that can be reached from a root. As levels decrease on the way down, the recursion is at most 17 deep. */
record Reachable(ListingChunks chunks, LeafReader leaf, Predicate<ChunkId> listing, Consumer<ChunkId> content) {

    Reachable(ListingChunks chunks, Predicate<ChunkId> listing, Consumer<ChunkId> content) {
        this(chunks, new LeafReader(), listing, content);
    }

    void walk(ChunkId id, @Nullable Place place) {
        if (!listing.test(id)) {
            return;
        }
        ListingChunks.Opened opened = chunks.open(id, place);
        if (opened.level() == 0) {
            leaf.open(opened.in(), place);
            entries();
            return;
        }
        ListingNode node = chunks.node(opened, place);
        for (int i = 0; i < node.children(); i++) {
            walk(node.child(i), new Place(opened.level(), node.firstPath(i), node.entries(i)));
        }
    }

    private void entries() {
        for (ListedEntry entry = leaf.next(); entry != null; entry = leaf.next()) {
            tell(entry.extents());
            Pages pages = entry.pages();
            if (pages != null) {
                tell(pages.hashes());
            }
        }
    }

    private void tell(List<Extent> extents) {
        for (int i = 0; i < extents.size(); i++) {
            content.accept(extents.get(i).chunk());
        }
    }
}
