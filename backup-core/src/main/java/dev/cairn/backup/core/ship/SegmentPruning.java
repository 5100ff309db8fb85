package dev.cairn.backup.core.ship;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.spi.SegmentStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the segments that {@link SegmentRetention} does not keep, the oldest first. After a failure or a power cut some of them are left, perhaps with holes between them; the next call removes
 * them. Thread-safe.
 */
public final class SegmentPruning implements SegmentRetention.Lookup {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentPruning.class);

    private final SegmentStore store;
    private final ChangeLogs logs;

    /** Prunes the logs in a store. */
    public SegmentPruning(SegmentStore store) {
        this.store = store;
        this.logs = new ChangeLogs(store);
    }

    /**
     * Removes what may go of a dataset's log. A timeline of which a segment is damaged stays as it is.
     *
     * @param lineage one's own
     * @param present {@link LogShipper#timelines}
     * @param bases lists the dataset's snapshots of every lineage; called after the timelines are listed
     * @return how many segments were removed
     * @throws dev.cairn.backup.StoreException if the repository cannot be read or written
     */
    public long prune(
            String dataset,
            String lineage,
            Supplier<Set<String>> present,
            Supplier<Collection<LogBase>> bases,
            Duration history,
            Instant now) {
        List<Timeline> timelines = logs.timelines(dataset);
        SegmentRetention rule = new SegmentRetention(
                new SegmentRetention.Situation(timelines, lineage, present.get(), bases.get(), history, now), this);
        long removed = 0;
        for (Timeline timeline : timelines) {
            try {
                removed += remove(rule.of(timeline));
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                LOG.warn("Nothing of the timeline {} is removed, because a segment cannot be read", timeline.id(), e);
            }
        }
        return removed;
    }

    /** The head goes last: without it nobody could tell whose the rest is. */
    private long remove(SegmentRetention.Removal removal) {
        List<Long> numbers = removal.numbers();
        if (numbers.isEmpty()) {
            return 0;
        }
        String timeline = removal.timeline().id();
        store.delete(timeline, numbers.stream().filter(number -> number > 0).toList());
        if (numbers.contains(0L)) {
            store.delete(timeline, List.of(0L));
        }
        LOG.info(
                "Removed {} segments of the log of dataset '{}'",
                numbers.size(),
                removal.timeline().dataset());
        return numbers.size();
    }

    @Override
    public List<Long> numbers(Timeline timeline) {
        return logs.numbers(timeline);
    }

    @Override
    public Summary summary(Timeline timeline, long number) {
        return logs.summary(timeline, number);
    }
}
