package dev.cairn.backup.core.ship;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.spi.SegmentStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the end of what earlier processes of this lineage kept of a dataset's log, in the spool or in the repository. Where it is not sure that one goes on from the other it finds nothing,
 * so that a new timeline begins.
 */
final class LastKept {

    private static final Logger LOG = LoggerFactory.getLogger(LastKept.class);

    private final SegmentStore store;
    private final Map<String, Leftover> leftovers;

    LastKept(SegmentStore store, Map<String, Leftover> leftovers) {
        this.store = store;
        this.leftovers = leftovers;
    }

    /** The newest timeline of a dataset and lineage. */
    Optional<Timeline> newest(String dataset, String lineage) {
        List<Timeline> all = new ArrayList<>(new ChangeLogs(store).all());
        leftovers.values().stream()
                .flatMap(leftover -> leftover.head().stream())
                .forEach(all::add);
        all.removeIf(timeline -> !timeline.dataset().equals(dataset));
        return newest(all, lineage);
    }

    /** The newest of a lineage among the timelines of a dataset. Each names the one before it; clocks decide only between those that no other names. */
    static Optional<Timeline> newest(List<Timeline> timelines, String lineage) {
        Set<String> continued = timelines.stream()
                .flatMap(timeline -> timeline.predecessor().stream())
                .collect(Collectors.toSet());
        return timelines.stream()
                .filter(timeline -> timeline.lineage().equals(lineage))
                .filter(timeline -> !continued.contains(timeline.id()))
                .max(Comparator.comparing(Timeline::begunAt).thenComparing(Timeline::id));
    }

    /** The end of a timeline; empty if it cannot be told. */
    Optional<Tip> end(Timeline timeline) {
        try {
            Leftover leftover = leftovers.get(timeline.id());
            SortedMap<Long, Long> stored = store.list(timeline.id());
            long highest = stored.isEmpty() ? -1 : stored.lastKey();
            if (leftover == null || leftover.last().number() < highest) {
                return Optional.of(stored(timeline, highest));
            }
            return follows(leftover, timeline)
                    ? Optional.of(Tip.of(timeline, leftover.last(), leftover.digest()))
                    : Optional.empty();
        } catch (DamagedRepositoryException | BlobNotFoundException e) {
            LOG.warn("The timeline {} is not gone on with, because its end cannot be read", timeline.id(), e);
            return Optional.empty();
        }
    }

    /** What the repository holds up to; the same, or what lies before the spool. */
    private Tip stored(Timeline timeline, long number) {
        byte[] body = store.read(timeline.id(), number);
        return Tip.of(
                timeline,
                SegmentForm.header(timeline.id(), number, body),
                Algorithms.sha256().digest(body));
    }

    private boolean follows(Leftover leftover, Timeline timeline) {
        SegmentHeader first = leftover.first();
        return first.number() == 0
                || Arrays.equals(stored(timeline, first.number() - 1).digest(), first.previous());
    }
}
