package dev.cairn.backup.core.index;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.PackId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which chunks of an index are still reached by something, and how much of each pack that is. For one thread at a time.
 *
 * <p>A chunk counts once, in the place that the index's {@link ChunkIndex#find} gives; its other places count as dead.
 */
public final class LiveChunks {

    private final ChunkIndex index;
    private final BitSet live;
    private final long[] liveBytes;

    /** @param index the chunks that can be marked; compacted here unless it is so already */
    public LiveChunks(ChunkIndex index) {
        this.index = index.compact();
        this.live = new BitSet(index.chunks());
        this.liveBytes = new long[index.packs().size()];
    }

    /** What a mark found. */
    public enum Marking {
        /** The chunk was not marked before. */
        FIRST,
        /** The chunk was marked already. */
        AGAIN,
        /** The index knows no such chunk: something is missing, and a sweep must not go on. */
        UNKNOWN
    }

    /**
     * What of a pack is live, in raw bytes of chunks.
     *
     * @param pack the pack
     * @param size its stored size
     * @param live raw bytes of marked chunks that are counted here
     * @param dead all its other raw bytes
     */
    public record PackUse(PackId pack, long size, long live, long dead) {

        /** Whether any marked chunk is counted here. */
        public boolean isUsed() {
            return live > 0;
        }
    }

    /** Marks a chunk as live. */
    public Marking mark(ChunkId id) {
        int ordinal = index.ordinal(id);
        if (ordinal < 0) {
            return Marking.UNKNOWN;
        }
        if (live.get(ordinal)) {
            return Marking.AGAIN;
        }
        live.set(ordinal);
        Run run = index.only();
        int preferred = index.preferred(run, ordinal);
        int place = preferred >= 0 ? preferred : ordinal;
        liveBytes[run.packOf(place)] += run.lengthOf(place);
        return Marking.FIRST;
    }

    /** Whether the chunk was marked. */
    public boolean isLive(ChunkId id) {
        int ordinal = index.ordinal(id);
        return ordinal >= 0 && live.get(ordinal);
    }

    /** Whether the chunk was marked and every place of it is in a pack that the index avoids. */
    public boolean isOnlyAvoided(ChunkId id) {
        int ordinal = index.ordinal(id);
        return ordinal >= 0 && live.get(ordinal) && index.preferred(index.only(), ordinal) < 0;
    }

    /** Every pack that holds a marked chunk of which each place is in a pack that the index avoids, whichever of them {@link ChunkIndex#find} prefers. */
    public Set<PackId> packsOfOnlyAvoided() {
        Set<PackId> found = new HashSet<>();
        for (int ordinal = live.nextSetBit(0); ordinal >= 0; ordinal = live.nextSetBit(ordinal + 1)) {
            Run run = index.only();
            if (index.preferred(run, ordinal) < 0) {
                for (int place = ordinal; place >= 0; place = run.next(place)) {
                    found.add(run.packs.ids[run.packOf(place)]);
                }
            }
        }
        return found;
    }

    /** How many chunks are marked. */
    public int marked() {
        return live.cardinality();
    }

    /** All packs of the index in the order of their ids, as the marks stand now. */
    public List<PackUse> packs() {
        List<PackUse> uses = new ArrayList<>(liveBytes.length);
        for (int i = 0; i < liveBytes.length; i++) {
            PackTable packs = index.only().packs;
            uses.add(new PackUse(packs.ids[i], packs.sizes[i], liveBytes[i], packs.rawBytes(i) - liveBytes[i]));
        }
        return uses;
    }
}
