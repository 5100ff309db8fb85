package dev.cairn.backup.core.listing;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSink;
import dev.cairn.backup.core.chunk.ChunkSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chunks in memory, and which were read. */
final class MemoryChunks implements ChunkSink, ChunkSource {

    final Map<ChunkId, byte[]> stored = new LinkedHashMap<>();
    final List<ChunkId> read = new ArrayList<>();

    @Override
    public ChunkId put(byte[] b, int off, int len) {
        byte[] bytes = Arrays.copyOfRange(b, off, off + len);
        ChunkId id = idOf(bytes);
        stored.putIfAbsent(id, bytes);
        return id;
    }

    ChunkId put(ByteWriter bytes) {
        return put(bytes.bytes(), 0, bytes.length());
    }

    @Override
    public byte[] get(ChunkId id) {
        read.add(id);
        byte[] bytes = stored.get(id);
        if (bytes == null) {
            throw new DamagedRepositoryException(id.hex(), "is missing", null);
        }
        return bytes;
    }

    static ChunkId idOf(byte[] bytes) {
        try {
            return ChunkId.read(MessageDigest.getInstance("SHA-256").digest(bytes), 0);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes a listing; the root is null if there is no entry. */
    ChunkId write(List<ListedEntry> entries) {
        ListingWriter writer = new ListingWriter(this);
        entries.forEach(writer::add);
        return writer.finish();
    }

    ListingReader reader(ChunkId root) {
        return new ListingReader(this, root, "files");
    }

    static List<ListedEntry> drain(ListingReader.Cursor cursor) {
        List<ListedEntry> entries = new ArrayList<>();
        for (ListedEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
            entries.add(entry);
        }
        return entries;
    }
}
