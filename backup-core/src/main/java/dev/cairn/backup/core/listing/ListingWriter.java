package dev.cairn.backup.core.listing;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSink;
import dev.cairn.backup.spi.EntryPath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the listing of one dataset. Equal entries make equal chunks, and two listings share all chunks but those that hold what differs and
 * those above them. Takes memory for one leaf and one node a level. For one thread.
 *
 * <p>An entry that is refused leaves the writer as it was. After a failure of the sink the writer is not to be used again; the chunks that were
 * put are of no use to anybody and are left to the sweep.
 */
public final class ListingWriter {

    /** The most that the two numbers before and in a path take: one byte to 127, two to 16383, so 4; and the level. */
    private static final int PATH_OVERHEAD = 5;

    private final ChunkSink sink;
    private final NodeWriter nodes;
    private final EntryEncoder encoder = new EntryEncoder();
    private final ByteWriter leaf = new ByteWriter();
    private byte[] firstPath = {};
    private byte[] previous = {};
    private long entriesBefore;
    private long entries;
    private boolean finished;

    /** @param sink where leaves and nodes go */
    public ListingWriter(ChunkSink sink) {
        this.sink = sink;
        this.nodes = new NodeWriter(sink, 1);
    }

    /**
     * Adds the next entry.
     *
     * @throws InvalidValueException if its path does not come after the one before, or a text cannot be written as UTF-8
     * @throws dev.cairn.backup.LimitExceededException if the entry needs more than 8 MiB, as with more than about 200 000 extents
     */
    public void add(ListedEntry entry) {
        if (finished) {
            throw new IllegalStateException("the listing is finished");
        }
        byte[] path = entry.path().value().getBytes(StandardCharsets.UTF_8);
        checkOrder(entry.path(), path);
        ByteWriter body = encoder.encode(entry);
        if (leaf.length() > 0 && endsBefore(path, body.length())) {
            flush();
        }
        int shared = 0;
        if (leaf.length() == 0) {
            leaf.u8(0);
            firstPath = path;
        } else {
            shared = shared(path);
        }
        leaf.varint(shared);
        leaf.text(path, shared, path.length - shared);
        leaf.raw(body.bytes(), 0, body.length());
        previous = path;
        entries++;
    }

    /** How many were added. */
    public long entries() {
        return entries;
    }

    /** Puts what is left and answers the root, or null if there was no entry. Nothing can be added afterwards. */
    public @Nullable ChunkId finish() {
        if (finished) {
            throw new IllegalStateException("the listing is finished");
        }
        finished = true;
        if (entries == 0) {
            return null;
        }
        flush();
        return nodes.finish();
    }

    private void checkOrder(EntryPath path, byte[] utf8) {
        if (entries > 0 && PathOrder.compare(previous, utf8) >= 0) {
            throw new InvalidValueException(
                    "entry path",
                    path,
                    "a path after '" + new String(previous, StandardCharsets.UTF_8)
                            + "', as a dataset yields its entries in path order, each once");
        }
    }

    /** Of the path only the last component counts, whatever stands before the entry, so that its weight is its own. */
    private boolean endsBefore(byte[] path, int body) {
        int slash = path.length - 1;
        while (slash >= 0 && path[slash] != '/') {
            slash--;
        }
        int name = path.length - 1 - slash;
        return Boundary.begins(path, 0, name + body)
                || leaf.length() + PATH_OVERHEAD + path.length + body > Boundary.MAX_BYTES;
    }

    /** Whole characters, so that every suffix is UTF-8 by itself. */
    private int shared(byte[] path) {
        int shared = 0;
        int common = Math.min(path.length, previous.length);
        while (shared < common && path[shared] == previous[shared]) {
            shared++;
        }
        while (shared > 0 && (path[shared] & 0xC0) == 0x80) {
            shared--;
        }
        return shared;
    }

    private void flush() {
        nodes.add(firstPath, sink.put(leaf.bytes(), 0, leaf.length()), entries - entriesBefore);
        entriesBefore = entries;
        leaf.clear();
    }
}
