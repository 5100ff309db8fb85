package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.IndexSegments.Segment;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces many small segments by one, so that whoever opens a repository of thousands of snapshots need not read thousands of segments. Segments of about one size are merged, each entry
 * therefore at most five times in its life.
 *
 * <p>The new segment is durable before the old ones go, and tells all that they told, also of packs that are gone. So each entry stands in some segment at every moment, whatever other writers
 * and sweeps merge at the same time, and whenever this one dies or wakes up. Whoever has listed a segment that is replaced before it is read looks again, or goes without. Thread-safe.
 */
final class SegmentMerging {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentMerging.class);

    /** Of one size; reading as many small blobs takes 2 ms, once for as many snapshots. */
    static final int MANY = 32;

    /** Larger ones are few enough. */
    private static final long LARGE = 1 << 20;

    /** Stored bytes that one merge holds; a segment of that size is not merged again. */
    static final long MOST_AT_ONCE = 8 << 20;

    /** Sizes with the same number of groups of so many bits are of one class: up to a factor of 16. */
    private static final int BITS_OF_A_CLASS = 4;

    private final BlobStore blobs;
    private final IndexSegments segments;

    SegmentMerging(BlobStore blobs, IndexSegments segments) {
        this.blobs = blobs;
        this.segments = segments;
    }

    /**
     * What became of a merge.
     *
     * @param gone segments that are no longer there
     * @param made those in their place
     */
    record Merged(List<Segment> gone, List<Segment> made) {}

    /** The segments that are worth merging, in groups. */
    static List<List<Segment>> groups(Collection<Segment> present) {
        Map<Integer, List<Segment>> classes = new TreeMap<>();
        for (Segment segment : present) {
            if (segment.size() < LARGE) {
                int bits = Long.SIZE - Long.numberOfLeadingZeros(segment.size());
                classes.computeIfAbsent(bits / BITS_OF_A_CLASS, size -> new ArrayList<>())
                        .add(segment);
            }
        }
        return classes.values().stream()
                .filter(each -> each.size() >= MANY)
                .flatMap(each -> parts(each).stream())
                .toList();
    }

    /** A store that others copied to, or that was never merged, may have thousands: what is held at a time is bounded. */
    private static List<List<Segment>> parts(List<Segment> all) {
        List<List<Segment>> parts = new ArrayList<>();
        List<Segment> part = new ArrayList<>();
        long bytes = 0;
        for (Segment segment : all) {
            if (bytes + segment.size() > MOST_AT_ONCE) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(segment);
            bytes += segment.size();
        }
        parts.add(part);
        return parts.stream().filter(each -> each.size() > 1).toList();
    }

    /** Merges a group as far as it can be read. A failure costs nothing: what was put tells nothing wrong, and what was not deleted is merged the next time. */
    Merged merge(List<Segment> group) {
        Map<PackId, PackContents> told = new LinkedHashMap<>();
        List<Segment> read = new ArrayList<>();
        List<Segment> gone = new ArrayList<>();
        try {
            for (Segment segment : group) {
                try {
                    List<PackContents> contents = segments.read(segment.name()).contents();
                    if (contents.stream().noneMatch(pack -> contradicts(told.get(pack.pack()), pack))) {
                        contents.forEach(pack -> told.putIfAbsent(pack.pack(), pack));
                        read.add(segment);
                    }
                } catch (BlobNotFoundException e) {
                    gone.add(segment); // Somebody else has merged it.
                } catch (DamagedRepositoryException e) {
                    LOG.warn("Index segment {} is not merged: {}", segment.name(), e.getMessage());
                } catch (StoreException e) {
                    if (e.reason() != StoreException.Reason.IO) {
                        throw e;
                    }
                    LOG.warn("Index segment {} is not merged: {}", segment.name(), e.getMessage()); // A bad sector.
                }
            }
            if (read.size() < 2) {
                return new Merged(gone, List.of());
            }
            List<Segment> made = segments.put(List.copyOf(told.values()));
            blobs.deleteAll(read.stream().map(Segment::name).toList());
            gone.addAll(read);
            return new Merged(gone, made);
        } catch (BackupException e) {
            LOG.info("The index stays in {} segments of about one size: {}", group.size(), e.getMessage());
            return new Merged(gone, List.of());
        }
    }

    /** Whether two segments tell different things of one pack: a check has to see both. */
    private static boolean contradicts(@Nullable PackContents before, PackContents now) {
        return before != null
                && (before.size() != now.size()
                        || !Arrays.equals(
                                before.directory().encode(), now.directory().encode()));
    }
}
