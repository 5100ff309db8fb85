package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.spi.BlobInfo;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Names the packs that are gone and were needed. The index says what was in them until a sweep rewrites it. */
final class MissingPacks {

    private MissingPacks() {}

    static void name(Inventory inventory, Set<ChunkId> missing, Findings findings) {
        if (missing.isEmpty()) {
            return;
        }
        Set<ChunkId> unexplained = new HashSet<>(missing);
        Set<PackId> gone = new TreeSet<>();
        for (BlobInfo segment : inventory.view().segments()) {
            try {
                for (PackContents contents : inventory.store().index().segment(segment.name())) {
                    if (!inventory.view().packs().containsKey(contents.pack())
                            && held(contents, missing, unexplained)) {
                        gone.add(contents.pack());
                    }
                }
            } catch (BlobNotFoundException | DamagedRepositoryException e) {
                continue; // Told of elsewhere.
            }
        }
        gone.forEach(pack -> findings.problem(pack.blob() + " is missing, and snapshots need it"));
        if (!unexplained.isEmpty()) {
            findings.problem(unexplained.size() + " chunks that snapshots need are in no pack that is known, such as "
                    + unexplained.iterator().next().hex());
        }
    }

    private static boolean held(PackContents contents, Set<ChunkId> missing, Set<ChunkId> unexplained) {
        boolean held = false;
        for (Block block : contents.directory().blocks()) {
            for (ChunkId id : block.chunks()) {
                if (missing.contains(id)) {
                    held = true;
                    unexplained.remove(id);
                }
            }
        }
        return held;
    }
}
