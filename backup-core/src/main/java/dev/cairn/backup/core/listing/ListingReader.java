package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.spi.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a listing. Nothing is believed: what breaks any rule of the format is a {@link dev.cairn.backup.DamagedRepositoryException} that names the
 * listing, whatever the bytes are. What the {@link ChunkSource} throws passes through. Thread-safe if the source is.
 */
public final class ListingReader {

    private final ListingChunks chunks;
    private final ChunkId root;

    /**
     * @param source where leaves and nodes are
     * @param root what {@link ListingWriter#finish} answered
     * @param what the listing, as it is named in errors
     */
    public ListingReader(ChunkSource source, ChunkId root, String what) {
        this.chunks = new ListingChunks(source, what);
        this.root = root;
    }

    /** Entries in path order. For one thread; holds one leaf and one node a level, and nothing that would have to be closed. */
    public interface Cursor {

        /**
         * The next entry, or null after the last. Also null, for good, once a call has thrown.
         *
         * @throws dev.cairn.backup.DamagedRepositoryException if the listing is damaged here; all entries before were right
         */
        @Nullable
        ListedEntry next();
    }

    /** All entries. Nothing is read before the first is asked for. */
    public Cursor all() {
        return below(EntryPath.ROOT);
    }

    /** The entry at {@code top}, if there is one, and everything below it. Reads only the leaves that can hold them. */
    public Cursor below(EntryPath top) {
        return new TreeCursor(chunks, root, top.value().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Tells every chunk that the listing needs, in its order; one that is needed several times is told as often.
     *
     * @param listing is told each node and leaf before it is read, the root first; if it answers false, the chunk is not read and what is below it is
     *     left out
     * @param content is told the chunk of each extent, of contents and of page hashes
     */
    public void forEachChunk(Predicate<ChunkId> listing, Consumer<ChunkId> content) {
        new Reachable(chunks, listing, content).walk(root, null);
    }
}
