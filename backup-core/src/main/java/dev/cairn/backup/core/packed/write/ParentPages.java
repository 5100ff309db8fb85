package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.chunk.ChunkHasher;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.Pages;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of a content as the parent had them: their hashes, and where each is stored. Safe for many threads. */
final class ParentPages {

    private static final Logger LOG = LoggerFactory.getLogger(ParentPages.class);
    private static final int HASH = ChunkHasher.PAGE_HASH_BYTES;
    private static final int NOWHERE = -1;

    /** Gathered pages lie in the order of the content, so that one chunk of each earlier snapshot is enough. */
    private static final int MOST_CHUNKS = 16;

    private final long size;
    private final byte[] hashes;
    private final int[] extentOf;
    private final int[] within;
    private final List<Extent> extents;
    private final boolean[] kept;
    private final Map<ChunkId, Integer> lengths = new HashMap<>();
    private final ChunkSource source;
    private final Map<ChunkId, byte[]> chunks = new LinkedHashMap<>(MOST_CHUNKS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkId, byte[]> eldest) {
            return size() > MOST_CHUNKS;
        }
    };

    /** What the parent has cannot be read from the repository, so that the source must be asked for it. */
    static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable ChunkId damaged;

        LostException(BackupException cause, @Nullable ChunkId damaged) {
            super(cause.getMessage(), cause);
            this.damaged = damaged;
        }
    }

    private ParentPages(long size, int pageSize, byte[] hashes, List<Extent> extents, ChunkSource source) {
        int count = Math.toIntExact((size + pageSize - 1) / pageSize);
        this.size = size;
        this.hashes = hashes;
        this.extentOf = new int[count];
        this.within = new int[count];
        this.extents = extents;
        this.kept = new boolean[extents.size()];
        this.source = source;
        Arrays.fill(extentOf, NOWHERE);
    }

    /** The parent's pages; none if it had none of that size, or if they cannot be read. */
    static ParentPages of(@Nullable ListedEntry before, int pageSize, ChunkSource parent, ChunkStoring chunks) {
        Pages pages = before == null ? null : before.pages();
        if (before == null || pages == null || pages.pageSize() != pageSize) {
            return none(parent);
        }
        try {
            return read(before, pages, parent, chunks);
        } catch (BackupException e) {
            LOG.warn(
                    "The parent's pages of {} cannot be read, so all are stored anew: {}",
                    before.path(),
                    e.getMessage());
            return none(parent);
        }
    }

    private static ParentPages none(ChunkSource parent) {
        return new ParentPages(0, 1, new byte[0], List.of(), parent);
    }

    private static ParentPages read(ListedEntry before, Pages pages, ChunkSource parent, ChunkStoring chunks) {
        int pageSize = pages.pageSize();
        byte[] hashes = new byte[Math.toIntExact((before.size() + pageSize - 1) / pageSize * HASH)];
        int at = 0;
        for (Extent extent : pages.hashes()) {
            byte[] chunk = parent.get(extent.chunk());
            System.arraycopy(chunk, extent.offset(), hashes, at, extent.length());
            at += extent.length();
        }
        ParentPages known = new ParentPages(before.size(), pageSize, hashes, before.extents(), parent);
        known.place(pageSize, chunks);
        return known;
    }

    private void place(int pageSize, ChunkStoring stored) {
        Map<ChunkId, Long> used = new HashMap<>();
        extents.forEach(extent -> used.merge(extent.chunk(), (long) extent.length(), Long::sum));
        used.keySet().forEach(chunk -> lengths.put(chunk, stored.storedLength(chunk)));
        long position = 0;
        for (int i = 0; i < extents.size(); i++) {
            Extent extent = extents.get(i);
            if (position % pageSize == 0) {
                kept[i] = isWorthKeeping(extent.chunk(), used);
                for (int off = 0; off < extent.length(); off += pageSize) {
                    if (off + pageSize <= extent.length() || position + extent.length() == size) {
                        int page = (int) ((position + off) / pageSize);
                        extentOf[page] = i;
                        within[page] = off;
                    }
                }
            }
            position += extent.length();
        }
    }

    /** Whether a chunk is stored and at least half of it still in use: the pages of others are written anew. */
    private boolean isWorthKeeping(ChunkId chunk, Map<ChunkId, Long> used) {
        int length = storedLength(chunk);
        return length > 0 && 2 * used.getOrDefault(chunk, 0L) >= length;
    }

    /** From now on nothing stays in a chunk that is known to be damaged. */
    void forget(LostException lost) {
        for (int i = 0; i < kept.length; i++) {
            kept[i] &= !extents.get(i).chunk().equals(lost.damaged);
        }
    }

    /** Bytes of the parent's content; 0 if it had none of such pages. */
    long size() {
        return size;
    }

    /** How many pages the parent had. */
    int count() {
        return extentOf.length;
    }

    /** Whether a page that has not changed stays where it is. */
    boolean isKept(long page) {
        return page < extentOf.length && extentOf[(int) page] != NOWHERE && kept[extentOf[(int) page]];
    }

    /** Whether a page is stored with the same content and stays there: its hash is that at {@code off}. */
    boolean has(long page, byte[] hash, int off) {
        if (!isKept(page)) {
            return false;
        }
        int mine = (int) page * HASH;
        return Arrays.equals(hashes, mine, mine + HASH, hash, off, off + HASH);
    }

    /** Copies the hash that the parent's page had. */
    void hash(long page, byte[] into, int off) {
        System.arraycopy(hashes, (int) page * HASH, into, off, HASH);
    }

    /** Where a page is stored. */
    Extent extent(long page, int length) {
        Extent extent = extents.get(extentOf[(int) page]);
        return new Extent(extent.chunk(), extent.offset() + within[(int) page], length);
    }

    /** The chunk that holds a page; null if no chunk holds it whole. */
    @Nullable
    ChunkId chunk(long page) {
        int extent = extentOf[(int) page];
        return extent == NOWHERE ? null : extents.get(extent).chunk();
    }

    /** How long a chunk of the parent's is; 0 if it is not stored any more. */
    int storedLength(ChunkId chunk) {
        return lengths.getOrDefault(chunk, 0);
    }

    /** How many extents the pages from {@code first} on come to when those that are not stored anew stay where they are. */
    int pieces(long first, boolean[] storedAnew) {
        int pieces = 0;
        for (int i = 0; i < storedAnew.length; i++) {
            boolean goesOn =
                    i > 0 && storedAnew[i] == storedAnew[i - 1] && (storedAnew[i] || follows((int) (first + i)));
            pieces += goesOn ? 0 : 1;
        }
        return pieces;
    }

    /** Whether a page lies right behind the one before it. */
    private boolean follows(int page) {
        int before = extentOf[page - 1];
        int extent = extentOf[page];
        if (before == extent) {
            return true;
        }
        Extent last = extents.get(before);
        Extent next = extents.get(extent);
        return last.chunk().equals(next.chunk()) && last.offset() + last.length() == next.offset();
    }

    /**
     * Reads a page from the repository.
     *
     * @throws LostException if it cannot be read there
     */
    void read(long page, byte[] into, int offset, int length) {
        Extent place = extent(page, length);
        byte[] chunk;
        try {
            synchronized (chunks) {
                chunk = chunks.computeIfAbsent(place.chunk(), source::get);
            }
        } catch (DamagedRepositoryException e) {
            throw new LostException(e, place.chunk());
        } catch (StoreException e) {
            throw new LostException(e, null);
        }
        System.arraycopy(chunk, place.offset(), into, offset, length);
    }
}
