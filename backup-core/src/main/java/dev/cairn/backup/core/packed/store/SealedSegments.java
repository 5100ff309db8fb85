package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.ship.SegmentFiles;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SegmentStore;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Segments of change logs in containers that are bound to their names. Thread-safe. */
public final class SealedSegments implements SegmentStore {

    private final Supplier<OpenStore> store;
    private final SegmentFiles files;

    /** @param store the opened repository; asked at each use, opens it at the first */
    public SealedSegments(BlobStore blobs, Supplier<OpenStore> store) {
        this.store = store;
        this.files = new SegmentFiles(blobs, Layout.SEGMENTS, new SegmentFiles.Body() {
            @Override
            public byte[] seal(String name, byte[] plain) {
                return store.get().containers().seal(ContainerKind.SEGMENT, name, plain);
            }

            @Override
            public byte[] open(String name, byte[] stored) {
                return store.get().containers().open(ContainerKind.SEGMENT, name, stored);
            }
        });
    }

    @Override
    public byte[] seal(String timeline, long number, byte[] body) {
        return files.seal(timeline, number, body);
    }

    @Override
    public PutOutcome put(String timeline, long number, byte[] sealed) {
        store.get().description().requireKnown("write");
        return files.put(timeline, number, sealed);
    }

    @Override
    public byte[] read(String timeline, long number) {
        return files.read(timeline, number);
    }

    @Override
    public byte[] unseal(String timeline, long number, byte[] sealed) {
        return files.unseal(timeline, number, sealed);
    }

    @Override
    public Set<String> timelines() {
        return files.timelines();
    }

    @Override
    public SortedMap<Long, Long> list(String timeline) {
        return files.list(timeline);
    }

    @Override
    public void delete(String timeline, Collection<Long> numbers) {
        store.get().description().requireKnown("delete");
        files.delete(timeline, numbers);
    }
}
