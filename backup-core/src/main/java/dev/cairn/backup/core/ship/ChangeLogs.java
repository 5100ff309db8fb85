package dev.cairn.backup.core.ship;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.spi.SegmentStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the change logs that a repository holds, whoever shipped them. Remembers heads, which never change; everything else is read at each call. Thread-safe.
 *
 * <p>A segment that is read is what was sealed under its name, of the timeline and number asked for. That no segment is missing and each follows the one before is for the caller to see, or
 * for {@link LogVerifying}.
 */
public final class ChangeLogs {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeLogs.class);

    private final SegmentStore store;
    private final Map<String, Timeline> heads = new ConcurrentHashMap<>();

    /** The logs in a store; reads nothing yet. */
    public ChangeLogs(SegmentStore store) {
        this.store = store;
    }

    /** The timelines of a dataset, of every lineage, the one begun first at first. One whose head is missing or damaged is left out, with a warning. */
    public List<Timeline> timelines(String dataset) {
        return all().stream()
                .filter(timeline -> timeline.dataset().equals(dataset))
                .toList();
    }

    /** The timelines of all datasets, ordered alike. */
    List<Timeline> all() {
        List<Timeline> found = new ArrayList<>();
        Set<String> ids = store.timelines();
        heads.keySet().retainAll(ids);
        for (String id : ids) {
            try {
                found.add(timeline(id));
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                LOG.warn("The timeline {} cannot be used, because its head cannot be read", id, e);
            }
        }
        found.sort(Comparator.comparing(Timeline::begunAt).thenComparing(Timeline::id));
        return found;
    }

    /** Whether no other of its lineage follows a timeline, among those of its dataset; by what each says of the one before it, and only then by clocks. */
    public static boolean isNewest(Timeline timeline, List<Timeline> ofDataset) {
        return LastKept.newest(ofDataset, timeline.lineage())
                .filter(timeline::equals)
                .isPresent();
    }

    /**
     * A timeline.
     *
     * @throws BlobNotFoundException if it has no head
     * @throws DamagedRepositoryException if its head is not what was stored
     */
    public Timeline timeline(String id) {
        Timeline known = heads.get(id);
        if (known != null) {
            return known;
        }
        Timeline read = SegmentForm.timeline(id, store.read(id, 0));
        heads.put(id, read);
        return read;
    }

    /** The numbers of the segments that are there, rising; 0 is the head, which has no pages. */
    public List<Long> numbers(Timeline timeline) {
        return List.copyOf(store.list(timeline.id()).keySet());
    }

    /**
     * A segment whole.
     *
     * @throws BlobNotFoundException if it is not there
     * @throws DamagedRepositoryException if it is not what was stored
     */
    public Segment read(Timeline timeline, long number) {
        byte[] body = store.read(timeline.id(), number);
        SegmentForm.Decoded decoded = SegmentForm.decode(timeline.id(), number, body);
        requireOf(timeline, decoded.header());
        return new Segment(
                decoded.header().summary(),
                decoded.content(),
                Algorithms.sha256().digest(body));
    }

    /**
     * What a segment says of itself. Its pages are fetched with it and not decoded.
     *
     * @throws BlobNotFoundException if it is not there
     * @throws DamagedRepositoryException if it is not what was stored
     */
    public Summary summary(Timeline timeline, long number) {
        return header(timeline, number).summary();
    }

    SegmentHeader header(Timeline timeline, long number) {
        SegmentHeader header = SegmentForm.header(timeline.id(), number, store.read(timeline.id(), number));
        requireOf(timeline, header);
        return header;
    }

    static void requireOf(Timeline timeline, SegmentHeader header) {
        if (!header.isOf(timeline)) {
            throw new DamagedRepositoryException(
                    SegmentFiles.name(timeline.id(), header.number()),
                    "is of dataset '" + header.dataset() + "' with pages of " + header.pageSize()
                            + " bytes, its timeline of dataset '" + timeline.dataset() + "' with pages of "
                            + timeline.pageSize(),
                    null);
        }
    }
}
