package dev.cairn.backup.core.hostile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.crypto.ContainerBuffer;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.keys.slot.KeySlots;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.store.Description;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.core.packed.store.Toolbox;
import dev.cairn.backup.core.packed.write.ChunkStoring;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes into a packed repository with its own keys, as whoever has stolen them can; listings are encoded by hand. */
final class PackedForging implements AutoCloseable {

    private static final int LEAF_BYTES = 1 << 20;

    private final OpenStore store;

    PackedForging(Path folder) {
        FileBlobStore blobs = FileBlobStore.at(folder);
        Description description = Description.find(blobs).orElseThrow();
        store = OpenStore.of(blobs, description, KeySlots.open(blobs, description.id(), List.of(Packed.key())));
    }

    void forge(String id, long sequence, Forgery forgery) throws IOException {
        ObjectNode manifest = (ObjectNode) HostilePlace.JSON.readTree(
                store.manifests().read(SnapshotId.of("snap-1")).encode());
        manifest.put("id", id).put("sequence", sequence);
        manifest.remove(List.of("root", "previous")); // As in manifests from before there were any.
        for (Map.Entry<String, List<RawEntry>> listing : forgery.listings().entrySet()) {
            Forgery.summary(manifest, listing.getKey())
                    .put("entries", listing.getValue().size())
                    .put("root", root(listing.getValue()).hex());
        }
        if (forgery.root() != null) {
            Forgery.summary(manifest, "files")
                    .put("root", forgery.root().apply(this).hex());
        }
        String name = Sessions.manifest(SnapshotId.of(id)).value();
        byte[] sealed = store.containers().seal(ContainerKind.MANIFEST, name, forgery.changed(manifest));
        Layout.put(store.blobs(), Sessions.manifest(SnapshotId.of(id)), BlobContent.of(sealed));
    }

    private ChunkId root(List<RawEntry> entries) {
        try (ChunkStoring chunks = new ChunkStoring(store, store.index().view().readable())) {
            List<byte[]> children = new ArrayList<>();
            Bytes leaf = new Bytes().u8(0);
            String first = null;
            long count = 0;
            ChunkId only = null;
            for (RawEntry entry : entries) {
                first = first == null ? entry.path() : first;
                leaf.varint(0).text(entry.path()).raw(body(chunks, entry));
                count++;
                if (leaf.size() > LEAF_BYTES) {
                    only = put(chunks, leaf.toByteArray());
                    children.add(child(first, only, count));
                    leaf = new Bytes().u8(0);
                    first = null;
                    count = 0;
                }
            }
            if (count > 0) {
                only = put(chunks, leaf.toByteArray());
                children.add(child(first, only, count));
            }
            ChunkId root = children.size() == 1 ? only : put(chunks, node(1, children));
            chunks.finish();
            return root;
        }
    }

    static byte[] node(int level, List<byte[]> children) {
        Bytes node = new Bytes().u8(level);
        children.forEach(node::raw);
        return node.toByteArray();
    }

    static byte[] child(String first, ChunkId id, long entries) {
        byte[] bytes = new byte[ChunkId.BYTES];
        id.write(bytes, 0);
        return new Bytes().text(first).raw(bytes).varint(entries).toByteArray();
    }

    private static byte[] body(ChunkStoring chunks, RawEntry entry) {
        Bytes body = new Bytes().u8(entry.type()).u8(2).varint(entry.type() == 0 ? 0755 : 0644);
        if (entry.target() != null) {
            return body.text(entry.target()).toByteArray();
        }
        if (entry.type() == 1) {
            body.varint(entry.size());
            if (entry.content().length > 0) {
                byte[] id = new byte[ChunkId.BYTES];
                put(chunks, entry.content()).write(id, 0);
                for (long i = 0; i < entry.times(); i++) {
                    body.raw(id).varint(0).varint(entry.content().length);
                }
            }
        }
        return body.toByteArray();
    }

    private static ChunkId put(ChunkStoring chunks, byte[] bytes) {
        return chunks.put(bytes, 0, bytes.length);
    }

    /** A chunk of whatever bytes. */
    ChunkId chunk(byte[] bytes) {
        try (ChunkStoring chunks = new ChunkStoring(store, store.index().view().readable())) {
            ChunkId id = put(chunks, bytes);
            chunks.finish();
            return id;
        }
    }

    /** A chunk of whatever bytes that is said to be in a block whose stored bytes are a frame of somebody's making. */
    ChunkId bomb(byte[] frame, byte[] chunk) {
        ChunkId id;
        try (Toolbox.Tools tools = store.tools().borrow()) {
            id = tools.hasher().id(chunk, 0, chunk.length);
        }
        PackDirectory directory = new PackDirectory(
                List.of(new Block(0, frame.length, chunk.length, true, new ChunkId[] {id}, new int[] {chunk.length})));
        byte[] trailer = directory.encode();
        ContainerBuffer buffer = store.containers().buffer(ContainerKind.PACK);
        buffer.write(frame, 0, frame.length);
        buffer.write(trailer, 0, trailer.length);
        buffer.write(ByteBuffer.allocate(4).putInt(trailer.length).array(), 0, 4);
        ContainerBuffer.Sealed sealed = buffer.seal();
        PackId pack = new PackId(sealed.sha256());
        Layout.put(store.blobs(), pack.blob(), sealed.content());
        store.index().put(List.of(new PackContents(pack, sealed.size(), directory)));
        return id;
    }

    @Override
    public void close() {
        store.close();
    }

    /** The conventions of the format. */
    static final class Bytes extends ByteArrayOutputStream {

        Bytes u8(int value) {
            write(value);
            return this;
        }

        Bytes varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            write((int) rest);
            return this;
        }

        Bytes raw(byte[] bytes) {
            writeBytes(bytes);
            return this;
        }

        Bytes text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return varint(utf8.length).raw(utf8);
        }
    }
}
