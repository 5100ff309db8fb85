package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.core.chunk.ChunkHasher;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.Pages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of a content as the parent had them: their hashes, and where each is stored. Immutable, safe for many threads. */
final class ParentPages {

    private static final Logger LOG = LoggerFactory.getLogger(ParentPages.class);
    private static final int HASH = ChunkHasher.PAGE_HASH_BYTES;

    private final byte[] hashes;
    private final int[] extentOf;
    private final int[] within;
    private final List<Extent> extents;

    private ParentPages(byte[] hashes, int[] extentOf, int[] within, List<Extent> extents) {
        this.hashes = hashes;
        this.extentOf = extentOf;
        this.within = within;
        this.extents = extents;
    }

    /** The parent's pages; none if it had none of that size, or if they cannot be read. */
    static ParentPages of(@Nullable ListedEntry before, int pageSize, ChunkSource parent, ChunkStoring chunks) {
        Pages pages = before == null ? null : before.pages();
        if (before == null || pages == null || pages.pageSize() != pageSize) {
            return new ParentPages(new byte[0], new int[0], new int[0], List.of());
        }
        try {
            return read(before, pages, parent, chunks);
        } catch (BackupException e) {
            LOG.warn(
                    "The parent's pages of {} cannot be read, so all are stored anew: {}",
                    before.path(),
                    e.getMessage());
            return new ParentPages(new byte[0], new int[0], new int[0], List.of());
        }
    }

    private static ParentPages read(ListedEntry before, Pages pages, ChunkSource parent, ChunkStoring chunks) {
        int pageSize = pages.pageSize();
        int count = Math.toIntExact((before.size() + pageSize - 1) / pageSize);
        byte[] hashes = new byte[count * HASH];
        int at = 0;
        for (Extent extent : pages.hashes()) {
            byte[] chunk = parent.get(extent.chunk());
            System.arraycopy(chunk, extent.offset(), hashes, at, extent.length());
            at += extent.length();
        }
        int[] extentOf = new int[count];
        int[] within = new int[count];
        Arrays.fill(extentOf, -1);
        Map<ChunkId, Boolean> worthKeeping = worthKeeping(before.extents(), chunks);
        long position = 0;
        for (int i = 0; i < before.extents().size(); i++) {
            Extent extent = before.extents().get(i);
            if (worthKeeping.getOrDefault(extent.chunk(), false) && position % pageSize == 0) {
                for (int off = 0; off < extent.length(); off += pageSize) {
                    int page = (int) ((position + off) / pageSize);
                    extentOf[page] = i;
                    within[page] = off;
                }
            }
            position += extent.length();
        }
        return new ParentPages(hashes, extentOf, within, new ArrayList<>(before.extents()));
    }

    /** Chunks that are stored, and of which at least half is still in use: the pages of others are written anew. */
    private static Map<ChunkId, Boolean> worthKeeping(List<Extent> extents, ChunkStoring chunks) {
        Map<ChunkId, Long> used = new HashMap<>();
        extents.forEach(extent -> used.merge(extent.chunk(), (long) extent.length(), Long::sum));
        Map<ChunkId, Boolean> worth = new HashMap<>();
        used.forEach((chunk, bytes) -> {
            int length = chunks.storedLength(chunk);
            worth.put(chunk, length > 0 && 2 * bytes >= length);
        });
        return worth;
    }

    /** Whether a page is stored with the same content: its hash is that at {@code off}. */
    boolean has(long page, byte[] hash, int off) {
        if (page >= extentOf.length || extentOf[(int) page] < 0) {
            return false;
        }
        int mine = (int) page * HASH;
        return Arrays.equals(hashes, mine, mine + HASH, hash, off, off + HASH);
    }

    /** Where a page is stored. */
    Extent extent(long page, int length) {
        Extent extent = extents.get(extentOf[(int) page]);
        return new Extent(extent.chunk(), extent.offset() + within[(int) page], length);
    }
}
