package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.read.PackFile;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.Manifests;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.StoredIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the store holds, read anew: nothing that this process remembers counts, so that damage since then is seen. Packs that no readable segment tells of are asked themselves, so that a
 * damaged index is told apart from lost content.
 *
 * @param store the store, with an index and manifests of its own
 * @param view what the index and the listings say
 * @param index all chunks in packs that are there, of whatever size; compact
 * @param unindexed packs that no readable segment tells of, as their own directories tell
 * @param undirected packs that no readable segment tells of and whose directory cannot be read, with the reason
 */
record Inventory(
        OpenStore store,
        StoredIndex.View view,
        ChunkIndex index,
        List<PackContents> unindexed,
        Map<PackId, String> undirected) {

    /** The same store with nothing remembered. */
    static OpenStore anew(OpenStore open) {
        return new OpenStore(
                open.blobs(),
                open.description(),
                open.containers(),
                open.cdc(),
                new StoredIndex(open.blobs(), open.containers()),
                new Manifests(open.blobs(), open.containers(), open.workers()),
                open.sessions(),
                open.tools(),
                open.workers());
    }

    /** Lists and reads. To be taken after the manifests were listed: what they need was stored before them. */
    static Inventory take(OpenStore open) {
        OpenStore store = anew(open);
        StoredIndex.View view = store.index().view();
        Set<PackId> indexed = view.readable().packs();
        List<PackContents> unindexed = new ArrayList<>();
        Map<PackId, String> undirected = new TreeMap<>();
        for (Map.Entry<PackId, Long> pack : view.packs().entrySet()) {
            if (!indexed.contains(pack.getKey())) {
                look(store, pack.getKey(), pack.getValue(), unindexed, undirected);
            }
        }
        ChunkIndex index = view.readable().plus(unindexed).compact();
        return new Inventory(store, view, index, List.copyOf(unindexed), Map.copyOf(undirected));
    }

    private static void look(
            OpenStore store, PackId pack, long size, List<PackContents> unindexed, Map<PackId, String> undirected) {
        try {
            unindexed.add(new PackContents(pack, size, PackFile.directory(store, pack, size)));
        } catch (BlobNotFoundException e) {
            // A sweep has removed it meanwhile.
        } catch (DamagedRepositoryException e) {
            undirected.put(pack, Findings.sentence(e));
        } catch (StoreException e) {
            undirected.put(pack, Findings.readError(e));
        }
    }

    /** Whether the store listed the same packs and segments, so that looking again would show nothing else. */
    boolean sameBlobs(Inventory other) {
        return view.packs().equals(other.view.packs()) && view.segments().equals(other.view.segments());
    }

    /** Names of segments that cannot be used. */
    Set<String> unreadableSegments() {
        Set<String> found = new TreeSet<>(view.unreadable().keySet());
        found.removeIf(name -> !name.startsWith(Layout.INDEX + "/"));
        return found;
    }

    /** Packs that the index tells of with another size than the store. */
    Set<PackId> ofWrongSize() {
        Set<PackId> found = new HashSet<>();
        for (PackId pack : view.readable().packs()) {
            long indexed = view.readable().packSize(pack).orElse(-1);
            if (indexed != view.packs().getOrDefault(pack, -1L)) {
                found.add(pack);
            }
        }
        return found;
    }
}
