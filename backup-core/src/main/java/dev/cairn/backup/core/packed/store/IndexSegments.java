package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.index.IndexSegment;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The blobs of the index: reads and puts segments, remembers nothing. Thread-safe. */
final class IndexSegments {

    /** Bodies have at most 16 MiB, one pack with a directory of up to 64 MiB excepted. */
    private static final int MOST_BYTES = 96 << 20;

    private final BlobStore blobs;
    private final Containers containers;

    /**
     * What is remembered of a segment that was read or put.
     *
     * @param hash the last component of its name
     * @param size its stored bytes
     * @param packs the packs that it tells of; perhaps more, where what was put took several segments
     */
    record Segment(String hash, long size, List<PackId> packs) {

        BlobName name() {
            return BlobName.of(Layout.INDEX + "/" + hash);
        }

        boolean tellsOf(Set<PackId> any) {
            return packs.stream().anyMatch(any::contains);
        }
    }

    /** A segment with what it tells. */
    record Told(Segment segment, List<PackContents> contents) {}

    IndexSegments(BlobStore blobs, Containers containers) {
        this.blobs = blobs;
        this.containers = containers;
    }

    /**
     * Reads one.
     *
     * @throws BlobNotFoundException if it was replaced
     * @throws DamagedRepositoryException if it is not what was written
     */
    Told read(BlobName name) {
        byte[] stored = Layout.read(blobs, name, MOST_BYTES);
        List<PackContents> contents =
                IndexSegment.decode(containers.open(ContainerKind.INDEX, "", stored), name.value());
        return new Told(new Segment(name.lastComponent(), stored.length, ids(contents)), contents);
    }

    /** Puts as few as tell of all these packs; durable when it returns. */
    List<Segment> put(List<PackContents> packs) {
        List<PackId> ids = ids(packs);
        List<Segment> stored = new ArrayList<>();
        for (byte[] body : IndexSegment.encode(packs)) {
            var buffer = containers.buffer(ContainerKind.INDEX);
            buffer.write(body, 0, body.length);
            var sealed = buffer.seal();
            Segment segment = new Segment(sealed.sha256(), sealed.size(), ids);
            Layout.put(blobs, segment.name(), sealed.content());
            stored.add(segment);
        }
        return stored;
    }

    private static List<PackId> ids(List<PackContents> packs) {
        return packs.stream().map(PackContents::pack).toList();
    }
}
