package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.ChunkLookup;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.IndexSegments.Segment;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which chunk is in which pack, as the store tells it. Each segment is read once: what a directory says of a pack never changes. Packs that are gone are left out when packs are listed. A
 * segment that is damaged or newer is passed over: what only it tells is stored again. Thread-safe.
 */
public final class StoredIndex {

    private static final Logger LOG = LoggerFactory.getLogger(StoredIndex.class);

    /** A merge replaces many at once, and rarely. */
    private static final int MOST_LISTINGS = 3;

    private final BlobStore blobs;
    private final IndexSegments segments;
    private final CondemnedPacks condemned;
    private final SegmentMerging merging;
    private final Map<String, Segment> loaded = new HashMap<>();
    private ChunkIndex all = ChunkIndex.empty();

    /**
     * The index at an instant.
     *
     * @param usable chunks that a writer may take for stored: their pack is there, of the right size, not condemned and not damaged
     * @param sound chunks in packs of the right size that are not known to be damaged; those in condemned packs are found last
     * @param readable all chunks whose pack is there; those in damaged or condemned packs are found last
     * @param segments the segments that the store held
     * @param packs all packs in the store with their sizes
     * @param condemned packs that are about to go
     * @param damaged packs that a check found damaged
     * @param unreadable segments and records of condemned packs that could not be used, with the reason
     */
    public record View(
            ChunkIndex usable,
            ChunkIndex sound,
            ChunkIndex readable,
            List<BlobInfo> segments,
            Map<PackId, Long> packs,
            Set<PackId> condemned,
            Set<PackId> damaged,
            Map<String, String> unreadable) {}

    /**
     * What a writer needs of the index.
     *
     * @param usable chunks that it may take for stored
     * @param readable all chunks that the index tells of, also of packs that are gone; those in damaged or condemned packs are found last
     * @param mayMerge whether no record of condemned packs stood: then every sweep that takes packs out of the index waits for this writer. A copy could else bring such packs back with
     *     segments of the very names that a merge is about to delete
     */
    public record WriterView(ChunkLookup usable, ChunkIndex readable, boolean mayMerge) {}

    /** The index of a repository; nothing is read yet. */
    public StoredIndex(BlobStore blobs, Containers containers) {
        this.blobs = blobs;
        this.segments = new IndexSegments(blobs, containers);
        this.condemned = new CondemnedPacks(blobs, containers);
        this.merging = new SegmentMerging(blobs, segments);
    }

    /**
     * Lists and reads, in the order that the fencing protocol asks for: condemned packs, segments and damaged packs. Packs are looked at one by one, as the writer needs them. To be called
     * after the writer's session was put.
     */
    public synchronized WriterView forWriter() {
        Map<String, String> unreadable = new HashMap<>();
        Set<PackId> doubtful = condemned.all(unreadable);
        boolean condemnationUnknown = !unreadable.isEmpty();
        boolean noneCondemned = doubtful.isEmpty() && !condemnationUnknown;
        if (load(() -> blobs.children(Layout.INDEX), names -> names, unreadable).replaced()) {
            forgetAllBut(packs().keySet());
        }
        doubtful.addAll(damaged());
        ChunkIndex readable = doubtful.isEmpty() ? all : all.avoiding(doubtful::contains);
        return new WriterView(
                condemnationUnknown ? ChunkIndex.empty() : new PresentPacks(blobs, all, doubtful),
                readable,
                noneCondemned);
    }

    /** Lists and reads, in the order that the fencing protocol asks for: condemned packs, segments, packs and damaged packs. */
    public synchronized View view() {
        Map<String, String> unreadable = new HashMap<>();
        Set<PackId> doomed = condemned.all(unreadable);
        boolean condemnationUnknown = !unreadable.isEmpty();
        List<BlobInfo> listed = load(() -> blobs.list(Layout.INDEX), StoredIndex::hashes, unreadable)
                .listed();
        Map<PackId, Long> packs = packs();
        Set<PackId> damaged = damaged();
        forgetAllBut(packs.keySet());
        Set<PackId> wrong = new HashSet<>();
        for (PackId pack : all.packs()) {
            if (!Long.valueOf(all.packSize(pack).orElse(-1)).equals(packs.get(pack)) || damaged.contains(pack)) {
                wrong.add(pack);
            }
        }
        Set<PackId> doubtful = new HashSet<>(wrong);
        doubtful.addAll(doomed);
        ChunkIndex sound = wrong.isEmpty() ? all : all.without(wrong::contains);
        return new View(
                usable(doubtful, condemnationUnknown),
                doomed.isEmpty() ? sound : sound.avoiding(doomed::contains),
                doubtful.isEmpty() ? all : all.avoiding(doubtful::contains),
                listed,
                packs,
                doomed,
                damaged,
                unreadable);
    }

    /** Where nobody can tell what is condemned, nothing may be taken for stored. */
    private ChunkIndex usable(Set<PackId> doubtful, boolean condemnationUnknown) {
        if (condemnationUnknown) {
            return ChunkIndex.empty();
        }
        return doubtful.isEmpty() ? all : all.without(doubtful::contains);
    }

    private static Set<String> hashes(List<BlobInfo> listed) {
        return listed.stream().map(segment -> segment.name().lastComponent()).collect(Collectors.toSet());
    }

    /** Packs are to be listed after the segments. */
    private void forgetAllBut(Set<PackId> present) {
        Set<PackId> absent = all.packs();
        absent.removeAll(present);
        if (!absent.isEmpty()) {
            all = all.without(absent::contains);
            // To be read again the next time: a copy puts segments before the last of their packs.
            loaded.values().removeIf(segment -> segment.tellsOf(absent));
        }
    }

    /**
     * What was listed.
     *
     * @param listed as the store answered it
     * @param replaced whether segments are gone that were read before, perhaps with packs
     */
    private record Listing<L>(L listed, boolean replaced) {}

    /** Lists and reads what is new among the segments; again where a merge has replaced one before it was read, since what took its place was not listed. */
    private <L> Listing<L> load(Supplier<L> list, Function<L, Set<String>> hashes, Map<String, String> unreadable) {
        boolean replaced = false;
        for (int attempt = 1; ; attempt++) {
            Map<String, String> failed = new HashMap<>();
            L listed = list.get();
            Set<String> present = hashes.apply(listed);
            boolean whole = load(present, failed);
            replaced |= loaded.keySet().retainAll(present);
            if (whole || attempt == MOST_LISTINGS) {
                unreadable.putAll(failed);
                return new Listing<>(listed, replaced);
            }
        }
    }

    /** Whether all were there. */
    private boolean load(Set<String> present, Map<String, String> unreadable) {
        List<PackContents> fresh = new ArrayList<>();
        boolean whole = true;
        for (String hash : present) {
            if (!loaded.containsKey(hash)) {
                whole &= read(BlobName.of(Layout.INDEX + "/" + hash), fresh, unreadable);
            }
        }
        add(fresh);
        return whole;
    }

    /** False if it is gone. */
    private boolean read(BlobName segment, List<PackContents> fresh, Map<String, String> unreadable) {
        try {
            IndexSegments.Told told = segments.read(segment);
            fresh.addAll(told.contents());
            loaded.put(told.segment().hash(), told.segment());
        } catch (BlobNotFoundException e) {
            LOG.debug("Index segment {} was replaced meanwhile", segment);
            return false;
        } catch (DamagedRepositoryException e) {
            LOG.warn("Index segment {} is left out: {}", segment, e.getMessage());
            unreadable.put(segment.value(), e.getMessage());
        } catch (StoreException e) {
            if (e.reason() != StoreException.Reason.IO) {
                throw e;
            }
            LOG.warn("Index segment {} is left out: {}", segment, e.getMessage()); // A bad sector.
            unreadable.put(segment.value(), e.getMessage());
        }
        return true;
    }

    private void add(List<PackContents> packs) {
        List<PackContents> unknown = packs.stream()
                .filter(contents -> all.packSize(contents.pack()).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            all = all.plus(unknown);
        }
    }

    /**
     * Reads one segment.
     *
     * @throws DamagedRepositoryException if it is not what was written
     */
    public List<PackContents> segment(BlobName name) {
        return segments.read(name).contents();
    }

    /** Puts segments for packs that are stored already and remembers what they say. Durable when it returns. */
    public void put(List<PackContents> packs) {
        List<Segment> stored = segments.put(packs);
        synchronized (this) {
            stored.forEach(segment -> loaded.put(segment.hash(), segment));
            add(packs);
        }
    }

    /** Merges small segments where there are many, by what was listed last. Never fails: an index in many segments is as good, only slower to read for whoever opens the repository. */
    public void merge() {
        List<List<Segment>> groups;
        synchronized (this) {
            groups = SegmentMerging.groups(loaded.values());
        }
        for (List<Segment> group : groups) {
            SegmentMerging.Merged merged = merging.merge(group);
            synchronized (this) {
                merged.gone().forEach(segment -> loaded.remove(segment.hash()));
                merged.made().forEach(segment -> loaded.put(segment.hash(), segment));
            }
        }
    }

    /** All packs in the store with their sizes. */
    public Map<PackId, Long> packs() {
        return packs(blobs);
    }

    static Map<PackId, Long> packs(BlobStore blobs) {
        Map<PackId, Long> found = new HashMap<>();
        for (BlobInfo blob : blobs.list(Layout.PACKS)) {
            PackId pack = PackId.parse(blob.name());
            if (pack != null) {
                found.put(pack, blob.size());
            }
        }
        return found;
    }

    private Set<PackId> damaged() {
        Set<PackId> found = new HashSet<>();
        for (String name : blobs.children(Layout.DAMAGED)) {
            if (name.matches("[0-9a-f]{64}")) {
                found.add(new PackId(name));
            }
        }
        return found;
    }

    /**
     * The packs of one record; empty if it was removed meanwhile.
     *
     * @throws DamagedRepositoryException if it is damaged, so that nobody knows what may be used
     */
    public List<PackId> condemned(BlobName record) {
        return condemned.of(record);
    }
}
