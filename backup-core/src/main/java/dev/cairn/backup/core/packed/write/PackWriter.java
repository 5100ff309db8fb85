package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.crypto.ContainerBuffer;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.BlockCodec;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.TaskGroup;
import dev.cairn.backup.core.work.Awaited;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers blocks into packs and stores each when it is full, beside whoever makes the next: at most two packs are held at a time. Thread-safe.
 */
final class PackWriter {

    /** Enough that a store has few blobs, little enough to hold two of them. */
    static final int TARGET_BYTES = 16 << 20;

    /** Very many tiny chunks that compress well would make a directory larger than a reader accepts. */
    private static final int MOST_DIRECTORY_BYTES = 4 << 20;

    private static final int MOST_IN_FLIGHT = 1;

    private final OpenStore store;
    private final TaskGroup tasks;
    private final Consumer<PackContents> stored;
    private final Deque<Future<ContainerBuffer>> inFlight = new ArrayDeque<>();
    private @Nullable ContainerBuffer buffer;
    private @Nullable ContainerBuffer spare;
    private List<Block> blocks = new ArrayList<>();
    private int length;
    private int directoryBytes;

    /** @param stored told of each pack that is durable */
    PackWriter(OpenStore store, TaskGroup tasks, Consumer<PackContents> stored) {
        this.store = store;
        this.tasks = tasks;
        this.stored = stored;
    }

    /** Whether no block was ever added. */
    synchronized boolean isUnused() {
        return blocks.isEmpty() && inFlight.isEmpty() && spare == null;
    }

    /** Adds a block, copied. */
    synchronized void add(BlockCodec.Encoded block, int raw, ChunkId[] chunks, int[] lengths) {
        ContainerBuffer into = buffer;
        if (into == null) {
            into = spare != null ? spare : store.containers().buffer(ContainerKind.PACK);
            spare = null;
            buffer = into;
        }
        into.write(block.bytes(), 0, block.length());
        blocks.add(new Block(length, block.length(), raw, block.zstd(), chunks, lengths));
        length += block.length();
        directoryBytes += blocks.get(blocks.size() - 1).directoryBytes();
        if (length >= TARGET_BYTES || directoryBytes >= MOST_DIRECTORY_BYTES) {
            sendOff();
        }
    }

    private void sendOff() {
        ContainerBuffer full = buffer;
        if (full == null) {
            return;
        }
        while (inFlight.size() >= MOST_IN_FLIGHT) {
            settleOldest();
        }
        PackDirectory directory = new PackDirectory(blocks);
        buffer = null;
        blocks = new ArrayList<>();
        length = 0;
        directoryBytes = 0;
        inFlight.add(tasks.submit(() -> {
            byte[] encoded = directory.encode();
            full.write(encoded, 0, encoded.length);
            full.write(ByteBuffer.allocate(4).putInt(encoded.length).array(), 0, 4);
            var sealed = full.seal();
            PackId pack = new PackId(sealed.sha256());
            Layout.put(store.blobs(), pack.blob(), sealed.content());
            stored.accept(new PackContents(pack, sealed.size(), directory));
            full.clear();
            return full;
        }));
    }

    private void settleOldest() {
        spare = Awaited.result(inFlight.remove(), "snapshot");
    }

    /** Stores what is left; when this returns all packs are durable. */
    synchronized void finish() {
        sendOff();
        while (!inFlight.isEmpty()) {
            settleOldest();
        }
        spare = null;
    }
}
