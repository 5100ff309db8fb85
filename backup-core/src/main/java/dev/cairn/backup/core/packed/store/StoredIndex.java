package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.IndexSegment;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which chunk is in which pack, as the store tells it. Each segment is read once: what a directory says of a pack never changes, and a pack that is gone is left out by the
 * listing of packs. A segment that is damaged or newer is passed over: what only it tells is stored again. Thread-safe.
 */
public final class StoredIndex {

    private static final Logger LOG = LoggerFactory.getLogger(StoredIndex.class);

    /** Bodies have at most 16 MiB, one pack with a directory of up to 64 MiB excepted. */
    private static final int MOST_BYTES = 96 << 20;

    private final BlobStore blobs;
    private final Containers containers;
    private final Set<String> loaded = new HashSet<>();
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

    /** The index of a repository; nothing is read yet. */
    public StoredIndex(BlobStore blobs, Containers containers) {
        this.blobs = blobs;
        this.containers = containers;
    }

    /** Lists and reads, in the order that the fencing protocol asks for: condemned packs, segments, packs and damaged packs. */
    public synchronized View view() {
        Map<String, String> unreadable = new HashMap<>();
        Set<PackId> condemned = condemned(unreadable);
        boolean condemnationUnknown = !unreadable.isEmpty();
        List<BlobInfo> segments = blobs.list(Layout.INDEX);
        Map<PackId, Long> packs = packs();
        Set<PackId> damaged = damaged();
        load(segments, packs.keySet(), unreadable);
        Set<PackId> absent = new HashSet<>();
        Set<PackId> wrong = new HashSet<>();
        for (PackId pack : all.packs()) {
            Long size = packs.get(pack);
            if (size == null) {
                absent.add(pack);
            } else if (size != all.packSize(pack).orElse(-1) || damaged.contains(pack)) {
                wrong.add(pack);
            }
        }
        if (!absent.isEmpty()) {
            all = all.without(absent::contains);
            loaded.retainAll(segments.stream()
                    .map(segment -> segment.name().lastComponent())
                    .toList());
        }
        Set<PackId> doubtful = new HashSet<>(wrong);
        doubtful.addAll(condemned);
        ChunkIndex sound = wrong.isEmpty() ? all : all.without(wrong::contains);
        return new View(
                usable(doubtful, condemnationUnknown),
                condemned.isEmpty() ? sound : sound.avoiding(condemned::contains),
                doubtful.isEmpty() ? all : all.avoiding(doubtful::contains),
                segments,
                packs,
                condemned,
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

    /** A segment that tells of a pack which is not there is read again the next time: a copy puts segments before the last of their packs. */
    private void load(List<BlobInfo> segments, Set<PackId> present, Map<String, String> unreadable) {
        List<PackContents> fresh = new ArrayList<>();
        for (BlobInfo segment : segments) {
            if (!loaded.contains(segment.name().lastComponent())) {
                try {
                    boolean whole = true;
                    for (PackContents contents : segment(segment.name())) {
                        if (present.contains(contents.pack())) {
                            fresh.add(contents);
                        } else {
                            whole = false;
                        }
                    }
                    if (whole) {
                        loaded.add(segment.name().lastComponent());
                    }
                } catch (BlobNotFoundException e) {
                    LOG.debug("Index segment {} was replaced meanwhile", segment.name());
                } catch (DamagedRepositoryException e) {
                    LOG.warn("Index segment {} is left out: {}", segment.name(), e.getMessage());
                    unreadable.put(segment.name().value(), e.getMessage());
                } catch (StoreException e) {
                    if (e.reason() != StoreException.Reason.IO) {
                        throw e;
                    }
                    LOG.warn("Index segment {} is left out: {}", segment.name(), e.getMessage()); // A bad sector.
                    unreadable.put(segment.name().value(), e.getMessage());
                }
            }
        }
        if (!fresh.isEmpty()) {
            all = all.plus(fresh.stream()
                    .filter(contents -> all.packSize(contents.pack()).isEmpty())
                    .toList());
        }
    }

    /**
     * Reads one segment.
     *
     * @throws DamagedRepositoryException if it is not what was written
     */
    public List<PackContents> segment(BlobName name) {
        byte[] stored = Layout.read(blobs, name, MOST_BYTES);
        return IndexSegment.decode(containers.open(ContainerKind.INDEX, "", stored), name.value());
    }

    /** Puts segments for packs that are stored already and remembers what they say. Durable when it returns. */
    public void put(List<PackContents> packs) {
        List<String> stored = new ArrayList<>();
        for (byte[] body : IndexSegment.encode(packs)) {
            var buffer = containers.buffer(ContainerKind.INDEX);
            buffer.write(body, 0, body.length);
            var sealed = buffer.seal();
            BlobName name = BlobName.of(Layout.INDEX + "/" + sealed.sha256());
            Layout.put(blobs, name, sealed.content());
            stored.add(sealed.sha256());
        }
        synchronized (this) {
            loaded.addAll(stored);
            all = all.plus(packs.stream()
                    .filter(contents -> all.packSize(contents.pack()).isEmpty())
                    .toList());
        }
    }

    /** All packs in the store with their sizes. */
    public Map<PackId, Long> packs() {
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

    /** All packs that any record condemns. */
    private Set<PackId> condemned(Map<String, String> unreadable) {
        Set<PackId> found = new HashSet<>();
        for (String name : blobs.children(Layout.CONDEMNED)) {
            if (name.matches("[0-9]{19}")) {
                BlobName record = BlobName.of(Layout.CONDEMNED + "/" + name);
                try {
                    found.addAll(condemned(record));
                } catch (DamagedRepositoryException e) {
                    LOG.warn("Nothing is taken for stored, because {}", e.getMessage());
                    unreadable.put(record.value(), e.getMessage());
                }
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
        byte[] body;
        try {
            body = containers.open(ContainerKind.CONDEMNED, record.value(), Layout.read(blobs, record, MOST_BYTES));
        } catch (BlobNotFoundException e) {
            return List.of();
        }
        if (body.length % ChunkId.BYTES != 0) {
            throw new DamagedRepositoryException(record.value(), "has " + body.length + " bytes", null);
        }
        List<PackId> packs = new ArrayList<>();
        for (int at = 0; at < body.length; at += ChunkId.BYTES) {
            packs.add(new PackId(ChunkId.read(body, at).hex()));
        }
        return packs;
    }
}
