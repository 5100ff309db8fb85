package dev.cairn.backup.core.packed.read;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.ChunkPlace;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.TaskGroup;
import dev.cairn.backup.core.packed.store.Toolbox;
import dev.cairn.backup.core.work.Awaited;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * Hands out the contents of many files in the order in which they lie in the packs: each block is read and decoded once, however many files are in it, by as many threads as there are cores.
 * For one caller.
 */
final class PackOrder {

    /** Stored bytes that are read in one go. */
    private static final int RUN_BYTES = 4 << 20;

    /** Blocks that nobody asked for are read along when they are smaller than what another request costs. */
    private static final int MOST_GAP = 128 << 10;

    private final OpenStore store;
    private final ChunkReader chunks;
    private final ContentSink sink;
    private final CancellationToken cancellation;
    private final String operation;
    private final ChunkIndex index;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Piece> homeless = new ArrayList<>();
    private final Map<PackId, Integer> packNumbers = new HashMap<>();

    /** Some bytes of a file and where they are; {@code place} is that of the whole chunk. */
    private record Piece(
            int pack,
            ChunkPlace place,
            ChunkId chunk,
            int offset,
            int length,
            int file,
            long position,
            EntryPath path) {}

    PackOrder(OpenStore store, ChunkReader chunks, ContentSink sink, CancellationToken cancellation, String operation) {
        this.store = store;
        this.chunks = chunks;
        this.sink = sink;
        this.cancellation = cancellation;
        this.operation = operation;
        this.index = chunks.index();
    }

    /** Asks for a file. */
    void add(int file, EntryPath path, List<Extent> extents) {
        long position = 0;
        for (Extent extent : extents) {
            ChunkPlace place = index.find(extent.chunk());
            if (place == null) {
                homeless.add(piece(-1, NOWHERE, extent, file, position, path));
            } else {
                int pack = packNumbers.computeIfAbsent(place.pack(), id -> packNumbers.size());
                pieces.add(piece(pack, place, extent, file, position, path));
            }
            position += extent.length();
        }
    }

    private static final ChunkPlace NOWHERE = new ChunkPlace(new PackId("0".repeat(64)), 0, 0, 0, false, 0, 0);

    private static Piece piece(int pack, ChunkPlace place, Extent extent, int file, long position, EntryPath path) {
        return new Piece(pack, place, extent.chunk(), extent.offset(), extent.length(), file, position, path);
    }

    /**
     * Hands everything out.
     *
     * @param damaged makes the exception for a file that cannot be read
     * @throws IOException what the sink threw
     */
    void run(BiFunction<String, DamagedRepositoryException, DamagedSnapshotException> damaged) throws IOException {
        pieces.sort(Comparator.comparingInt(Piece::pack)
                .thenComparingInt(piece -> piece.place().blockOffset())
                .thenComparingInt(piece -> piece.place().offset()));
        List<List<Piece>> runs = runs();
        AtomicInteger next = new AtomicInteger();
        try (TaskGroup tasks = store.workers().computing()) {
            List<Future<Boolean>> done = new ArrayList<>();
            for (int i = 0; i < Math.min(store.workers().count(), runs.size()); i++) {
                done.add(tasks.submit(() -> {
                    try (Toolbox.Tools tools = store.tools().borrow()) {
                        Reading reading = new Reading(tools, damaged);
                        for (int run = next.getAndIncrement(); run < runs.size(); run = next.getAndIncrement()) {
                            reading.read(runs.get(run));
                        }
                        return true;
                    } catch (Throwable e) {
                        next.set(runs.size()); // The others need not go on.
                        throw e;
                    }
                }));
            }
            for (Future<Boolean> one : done) {
                Awaited.result(one, operation);
            }
            try (Toolbox.Tools tools = store.tools().borrow()) {
                Reading reading = new Reading(tools, damaged);
                for (Piece piece : homeless) {
                    reading.readAlone(piece);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Pieces whose blocks lie close together in one pack. */
    private List<List<Piece>> runs() {
        List<List<Piece>> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= pieces.size(); i++) {
            if (i == pieces.size() || !belongs(pieces.get(from), pieces.get(i - 1), pieces.get(i))) {
                runs.add(pieces.subList(from, i));
                from = i;
            }
        }
        return runs;
    }

    private static boolean belongs(Piece first, Piece last, Piece next) {
        long end = (long) next.place().blockOffset() + next.place().blockStored();
        long gap = (long) next.place().blockOffset()
                - last.place().blockOffset()
                - last.place().blockStored();
        return next.pack() == first.pack()
                && gap <= MOST_GAP
                && end - first.place().blockOffset() <= RUN_BYTES;
    }

    /** What one thread reads. */
    private final class Reading {

        private final Toolbox.Tools tools;
        private final BiFunction<String, DamagedRepositoryException, DamagedSnapshotException> damaged;
        private byte[] raw = new byte[1 << 20];

        Reading(Toolbox.Tools tools, BiFunction<String, DamagedRepositoryException, DamagedSnapshotException> damaged) {
            this.tools = tools;
            this.damaged = damaged;
        }

        void read(List<Piece> run) {
            int base = run.get(0).place().blockOffset();
            ChunkPlace last = run.get(run.size() - 1).place();
            byte[] stored;
            try {
                stored = chunks.stored(last.pack(), base, last.blockOffset() + last.blockStored() - base);
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                run.forEach(this::readAlone); // From another pack that has it, or by what the index says now.
                return;
            }
            int from = 0;
            for (int i = 1; i <= run.size(); i++) {
                if (i == run.size()
                        || run.get(i).place().blockOffset()
                                != run.get(from).place().blockOffset()) {
                    cancellation.throwIfCancelled(operation);
                    block(run.subList(from, i), stored, base);
                    from = i;
                }
            }
        }

        private void block(List<Piece> block, byte[] stored, int base) {
            ChunkPlace place = block.get(0).place();
            try {
                if (raw.length < place.blockRaw()) {
                    raw = new byte[place.blockRaw()];
                }
                tools.codec()
                        .decode(
                                stored,
                                place.blockOffset() - base,
                                place.blockStored(),
                                place.zstd(),
                                raw,
                                place.blockRaw(),
                                place.pack().blob().value());
            } catch (DamagedRepositoryException e) {
                block.forEach(this::readAlone);
                return;
            }
            ChunkId checked = null;
            for (Piece piece : block) {
                int start = piece.place().offset();
                if (!piece.chunk().equals(checked)) {
                    if (!tools.hasher().id(raw, start, piece.place().length()).equals(piece.chunk())) {
                        readAlone(piece);
                        continue;
                    }
                    checked = piece.chunk();
                }
                deliver(piece, raw, start, piece.place().length());
            }
        }

        /** The slow way, which looks in every pack that has the chunk. */
        void readAlone(Piece piece) {
            cancellation.throwIfCancelled(operation);
            byte[] chunk;
            try {
                chunk = chunks.get(piece.chunk());
            } catch (DamagedRepositoryException e) {
                throw damaged.apply(piece.path().value(), e);
            }
            deliver(piece, chunk, 0, chunk.length);
        }

        private void deliver(Piece piece, byte[] bytes, int start, int length) {
            try {
                PackedDataset.requireWithin(new Extent(piece.chunk(), piece.offset(), piece.length()), length);
                sink.accept(piece.file(), piece.position(), bytes, start + piece.offset(), piece.length());
            } catch (DamagedRepositoryException e) {
                throw damaged.apply(piece.path().value(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
