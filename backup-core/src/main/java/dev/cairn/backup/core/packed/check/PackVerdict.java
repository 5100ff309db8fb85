package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.PackId;
import java.util.List;
import java.util.Set;

/**
 * What one pack was found to be.
 *
 * @param pack the pack
 * @param size its stored size
 * @param state whether it is as it was written
 * @param unreadable the chunks that it should hold and that cannot be read from it; all others are good
 * @param problems why it is wrong, one part of a sentence each
 */
record PackVerdict(PackId pack, long size, State state, Set<ChunkId> unreadable, List<String> problems) {

    enum State {
        RIGHT,
        WRONG,
        /** A sweep has removed it meanwhile. */
        GONE
    }

    PackVerdict {
        unreadable = Set.copyOf(unreadable);
        problems = List.copyOf(problems);
    }

    static PackVerdict gone(PackId pack) {
        return new PackVerdict(pack, 0, State.GONE, Set.of(), List.of());
    }
}
