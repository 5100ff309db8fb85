package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.ChunkPlace;
import dev.cairn.backup.core.pack.PackId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The chunks that packs should hold and that cannot be read from them.
 *
 * @param unreadable for each pack with any, which
 */
record Damages(Map<PackId, Set<ChunkId>> unreadable) {

    Damages {
        unreadable = Map.copyOf(unreadable);
    }

    /** Of what snapshots need, the chunks that can be read from no pack at all. */
    Set<ChunkId> lost(ChunkIndex index, Reach reach) {
        Set<ChunkId> lost = new HashSet<>(reach.missing());
        for (Set<ChunkId> chunks : unreadable.values()) {
            for (ChunkId id : chunks) {
                if (reach.isNeeded(id) && !isReadable(index, id)) {
                    lost.add(id);
                }
            }
        }
        return lost;
    }

    private boolean isReadable(ChunkIndex index, ChunkId id) {
        for (ChunkPlace place : index.findAll(id)) {
            if (!unreadable.getOrDefault(place.pack(), Set.of()).contains(id)) {
                return true;
            }
        }
        return false;
    }
}
