package dev.cairn.backup.core.packed.read;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.ContainerReader;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.ChunkPlace;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Toolbox;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks wherever they are. A chunk that is damaged in one pack is looked for in the others; when a pack is missing the index is read again, because a sweep may have moved
 * its chunks. What is handed out was compared with its id. Thread-safe.
 */
public final class ChunkReader implements ChunkSource {

    /** Listings and small files are read block after block, so a few blocks are enough. */
    private static final long CACHE_BYTES = 8L << 20;

    private static final int MOST_PACKS = 256;

    /** How often sweeps may move one chunk while it is being read. */
    private static final int MOST_MOVES = 8;

    private final OpenStore store;
    private volatile ChunkIndex index;
    private final Map<BlockKey, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long cached;
    private final Map<PackId, ContainerReader> packs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PackId, ContainerReader> eldest) {
            return size() > MOST_PACKS;
        }
    };

    private record BlockKey(PackId pack, int offset) {}

    /** Reads what the index finds. */
    public ChunkReader(OpenStore store, ChunkIndex index) {
        this.store = store;
        this.index = index;
    }

    /** What is known of where chunks are. */
    public ChunkIndex index() {
        return index;
    }

    @Override
    public byte[] get(ChunkId id) {
        ChunkIndex known = index;
        DamagedRepositoryException first = null;
        boolean moved = true;
        for (int attempt = 0; moved && attempt < MOST_MOVES; attempt++) {
            moved = attempt == 0;
            for (ChunkPlace place : preferredFirst(known, id)) {
                try {
                    return read(id, place);
                } catch (DamagedRepositoryException e) {
                    first = first == null ? e : first;
                } catch (BlobNotFoundException e) {
                    forget(place.pack());
                    moved = true;
                    first = first == null
                            ? new DamagedRepositoryException(place.pack().blob().value(), "is missing", e)
                            : first;
                }
            }
            if (moved) {
                known = store.index().view().readable();
                index = known;
            }
        }
        throw first != null
                ? first
                : new DamagedRepositoryException("chunk " + id.hex(), "is in no pack of the repository", null);
    }

    private static List<ChunkPlace> preferredFirst(ChunkIndex index, ChunkId id) {
        ChunkPlace preferred = index.find(id);
        List<ChunkPlace> all = index.findAll(id);
        if (all.size() < 2 || preferred == null || preferred.equals(all.get(0))) {
            return all;
        }
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(preferred), all.stream().filter(place -> !place.equals(preferred)))
                .toList();
    }

    private byte[] read(ChunkId id, ChunkPlace place) {
        byte[] raw = block(place);
        byte[] chunk = Arrays.copyOfRange(raw, place.offset(), place.offset() + place.length());
        try (Toolbox.Tools tools = store.tools().borrow()) {
            if (!tools.hasher().id(chunk, 0, chunk.length).equals(id)) {
                throw new DamagedRepositoryException(
                        place.pack().blob().value(), "holds something else in the place of chunk " + id.hex(), null);
            }
        }
        return chunk;
    }

    private byte[] block(ChunkPlace place) {
        BlockKey key = new BlockKey(place.pack(), place.blockOffset());
        synchronized (blocks) {
            byte[] raw = blocks.get(key);
            if (raw != null) {
                return raw;
            }
        }
        byte[] stored = stored(place.pack(), place.blockOffset(), place.blockStored());
        byte[] raw = new byte[place.blockRaw()];
        try (Toolbox.Tools tools = store.tools().borrow()) {
            tools.codec()
                    .decode(
                            stored,
                            0,
                            stored.length,
                            place.zstd(),
                            raw,
                            raw.length,
                            place.pack().blob().value());
        }
        remember(key, raw);
        return raw;
    }

    private void remember(BlockKey key, byte[] raw) {
        synchronized (blocks) {
            byte[] before = blocks.put(key, raw);
            cached += raw.length - (before == null ? 0 : before.length);
            var eldest = blocks.entrySet().iterator();
            while (cached > CACHE_BYTES && blocks.size() > 1) {
                cached -= eldest.next().getValue().length;
                eldest.remove();
            }
        }
    }

    /**
     * A part of a pack's body.
     *
     * @throws BlobNotFoundException if the pack is gone
     * @throws DamagedRepositoryException if it is damaged, or another pack in its place
     */
    byte[] stored(PackId pack, int offset, int length) {
        ContainerReader body = pack(pack);
        if (offset < 0 || length < 0 || offset > body.bodyLength() - length) {
            throw new DamagedRepositoryException(pack.blob().value(), "is shorter than the index says", null);
        }
        return body.read(offset, length);
    }

    private ContainerReader pack(PackId pack) {
        synchronized (packs) {
            ContainerReader open = packs.get(pack);
            if (open != null) {
                return open;
            }
        }
        long size = index.packSize(pack).orElse(-1);
        ContainerReader fresh = store.containers().reader(ContainerKind.PACK, store.blobs(), pack.blob(), size);
        synchronized (packs) {
            @Nullable ContainerReader other = packs.putIfAbsent(pack, fresh);
            return other == null ? fresh : other;
        }
    }

    private void forget(PackId pack) {
        synchronized (packs) {
            packs.remove(pack);
        }
    }
}
