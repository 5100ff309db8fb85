package dev.cairn.backup.core.ship;

import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sealed segments that wait in the state store for the repository: blobs {@code spool/<timeline>/<number>}. They are added and removed in the order of their numbers, so that what waits of a
 * timeline has no holes unless something was lost. Thread-safe.
 */
final class Spool {

    static final String FOLDER = "spool";

    private final BlobStore state;

    Spool(BlobStore state) {
        this.state = state;
    }

    PutOutcome put(SpoolSlot slot, byte[] sealed) {
        return state.putIfAbsent(slot.blob(), BlobContent.of(sealed));
    }

    /** @throws dev.cairn.backup.BlobNotFoundException if it is not there */
    byte[] read(SpoolSlot slot) {
        return SegmentFiles.read(state, slot.blob());
    }

    void delete(SpoolSlot slot) {
        state.delete(slot.blob());
    }

    /** What waits: for each timeline the numbers, rising, and the bytes of each. */
    SortedMap<String, SortedMap<Long, Long>> list() {
        SortedMap<String, SortedMap<Long, Long>> found = new TreeMap<>();
        for (BlobInfo blob : state.list(FOLDER)) {
            BlobName name = blob.name();
            String[] parts = name.value().split("/", -1);
            if (parts.length == 3 && SegmentFiles.isTimeline(parts[1]) && SegmentFiles.isNumber(parts[2])) {
                found.computeIfAbsent(parts[1], timeline -> new TreeMap<>()).put(Long.parseLong(parts[2]), blob.size());
            }
        }
        return found;
    }
}
