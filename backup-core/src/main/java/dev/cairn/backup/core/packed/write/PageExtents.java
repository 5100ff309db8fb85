package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.listing.Extent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a content of pages comes to consist of, in its order. Pages that must be stored are gathered into chunks of at most 1 MiB. For one thread. */
final class PageExtents {

    private final ChunkStoring chunks;
    private final List<Extent> extents = new ArrayList<>();
    private final Map<ChunkId, ChunkId> gathered = new HashMap<>();
    private byte[] gathering = new byte[0];
    private int gatheredBytes;

    PageExtents(ChunkStoring chunks) {
        this.chunks = chunks;
    }

    /** Adds an extent, as one with the last if it goes on where that ends. */
    void append(Extent extent) {
        Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
        if (last != null && last.chunk().equals(extent.chunk()) && last.offset() + last.length() == extent.offset()) {
            extents.set(extents.size() - 1, new Extent(last.chunk(), last.offset(), last.length() + extent.length()));
        } else {
            extents.add(extent);
        }
    }

    /**
     * Adds the pages of a group, each where the parent has it or gathered.
     *
     * @throws ParentPages.LostException if one that must be stored anew cannot be read
     */
    void append(PageGroup group) {
        for (int i = 0; i < group.pages(); i++) {
            if (group.isSame(i)) {
                append(group.kept(i));
            } else {
                gather(group, i);
            }
        }
    }

    private void gather(PageGroup group, int page) {
        int len = group.length(page);
        if (gatheredBytes + len > PagedLayout.GROUP_BYTES) {
            flush();
        }
        if (gathering.length < gatheredBytes + len) {
            gathering = Arrays.copyOf(
                    gathering, Math.max(gatheredBytes + len, Math.min(PagedLayout.GROUP_BYTES, 2 * gathering.length)));
        }
        group.copy(page, gathering, gatheredBytes);
        append(new Extent(placeholder(), gatheredBytes, len));
        gatheredBytes += len;
    }

    /** Stands for the chunk that is being gathered until its id is known. */
    private ChunkId placeholder() {
        return new ChunkId(0, 0, 0, gathered.size());
    }

    private void flush() {
        if (gatheredBytes > 0) {
            try (ChunkStoring.Stream stream = chunks.stream()) {
                gathered.put(placeholder(), stream.put(gathering, 0, gatheredBytes));
            }
            gatheredBytes = 0;
        }
    }

    /** Stores what is gathered and answers all extents. */
    List<Extent> finish() {
        flush();
        return extents.stream()
                .map(extent -> new Extent(
                        gathered.getOrDefault(extent.chunk(), extent.chunk()), extent.offset(), extent.length()))
                .toList();
    }
}
