package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.ContainerReader;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.read.PackFile;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Toolbox;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads packs whole, once, and compares every byte with its hash, its authentication and the ids of its chunks. For one thread at a time. */
final class PackCheck {

    private final OpenStore store;
    private final IndexedDirectories indexed;
    private final Toolbox.Tools tools;
    private final GoodChunks good;
    private byte[] raw = new byte[1 << 20];

    /** Told of each chunk that can be read. */
    interface GoodChunks {

        /** For whoever only checks. */
        GoodChunks IGNORED = (id, bytes, off, len) -> {};

        void good(ChunkId id, byte[] bytes, int off, int len);
    }

    /** What could be said of a pack so far. */
    private static final class Looked {

        final PackId pack;
        final BlobStore from;
        final long size;
        final List<String> problems = new ArrayList<>();
        final Set<ChunkId> bad = new HashSet<>();
        final Set<ChunkId> readable = new HashSet<>();

        Looked(FetchedPack fetched) {
            this.pack = fetched.pack();
            this.from = fetched.from();
            this.size = fetched.size();
            fetched.problem().ifPresent(problems::add);
        }

        PackVerdict verdict() {
            bad.removeAll(readable); // The same chunk in another of its blocks.
            PackVerdict.State state = problems.isEmpty() ? PackVerdict.State.RIGHT : PackVerdict.State.WRONG;
            return new PackVerdict(pack, size, state, bad, problems);
        }
    }

    PackCheck(OpenStore store, IndexedDirectories indexed, Toolbox.Tools tools, GoodChunks good) {
        this.store = store;
        this.indexed = indexed;
        this.tools = tools;
        this.good = good;
    }

    /**
     * Checks one.
     *
     * @param listed its size as the store listed it
     * @throws StoreException if the store cannot be reached at all; a pack that it cannot read is wrong
     */
    PackVerdict check(PackId pack, long listed) {
        try {
            Looked looked = new Looked(FetchedPack.fetch(store.blobs(), pack, listed));
            PackDirectory own = own(looked);
            if (own != null) {
                blocks(looked, own, looked.size);
            } else {
                indexed.find(pack).ifPresent(told -> blocks(looked, told.directory(), told.size()));
            }
            boolean gone = !looked.problems.isEmpty()
                    && store.blobs().stat(pack.blob()).isEmpty(); // Then that is why.
            return gone ? PackVerdict.gone(pack) : looked.verdict();
        } catch (BlobNotFoundException e) {
            return PackVerdict.gone(pack);
        }
    }

    private @Nullable PackDirectory own(Looked looked) {
        OpenStore reading = new OpenStore(
                looked.from,
                store.description(),
                store.containers(),
                store.cdc(),
                store.index(),
                store.manifests(),
                store.sessions(),
                store.tools(),
                store.workers());
        try {
            PackDirectory own = PackFile.directory(reading, looked.pack, looked.size);
            if (indexed.contradict(looked.pack, own)) {
                looked.problems.add("its directory is not the one in the index");
            }
            return own;
        } catch (DamagedRepositoryException e) {
            looked.problems.add(Findings.sentence(e));
        } catch (StoreException e) {
            looked.problems.add(Findings.readError(e));
        }
        return null;
    }

    /** @param size the size of the whole pack when it was written, which may not be the one it has */
    private void blocks(Looked looked, PackDirectory directory, long size) {
        ContainerReader body = null;
        try {
            body = store.containers().reader(ContainerKind.PACK, looked.from, looked.pack.blob(), size);
        } catch (DamagedRepositoryException e) {
            looked.problems.add(Findings.sentence(e));
        } catch (StoreException e) {
            looked.problems.add(Findings.readError(e));
        }
        int unreadable = 0;
        for (Block block : directory.blocks()) {
            if (body == null || !block(looked, body, block)) {
                unreadable++;
                looked.bad.addAll(Arrays.asList(block.chunks()));
            }
        }
        if (unreadable > 0) {
            looked.problems.add(unreadable + " of its " + directory.blocks().size() + " blocks cannot be read");
        }
    }

    private boolean block(Looked looked, ContainerReader body, Block block) {
        if (block.offset() > body.bodyLength() - block.stored()) {
            return false;
        }
        if (raw.length < block.raw()) {
            raw = new byte[block.raw()];
        }
        try {
            byte[] stored = body.read(block.offset(), block.stored());
            tools.codec()
                    .decode(
                            stored,
                            0,
                            stored.length,
                            block.zstd(),
                            raw,
                            block.raw(),
                            looked.pack.blob().value());
        } catch (DamagedRepositoryException e) {
            return false;
        } catch (StoreException e) {
            Findings.readError(e);
            return false;
        }
        int at = 0;
        for (int i = 0; i < block.chunks().length; i++) {
            ChunkId id = block.chunks()[i];
            int length = block.lengths()[i];
            if (tools.hasher().id(raw, at, length).equals(id)) {
                looked.readable.add(id);
                good.good(id, raw, at, length);
            } else {
                looked.bad.add(id);
                looked.problems.add("it holds something else in the place of chunk " + id.hex());
            }
            at += length;
        }
        return true;
    }
}
