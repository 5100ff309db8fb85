package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where in its sources' events the host's state stands, read inside the barrier as one value with the freeze of that state. A restore takes all of it
 * back together with the state. Cursors that were read a moment earlier or later, or that were kept elsewhere, lose events or apply them twice.
 *
 * @param epoch the timeline epoch that the host runs in
 * @param cursors each source's cursor, by its name of 1 to 200 characters, in the order of names; at most {@link #MAX_SOURCES}
 * @param dedup which events the state holds
 */
public record SnapshotCut(TimelineEpoch epoch, Map<String, SourceCursor> cursors, StateDedup dedup) {

    /** The greatest number of sources. */
    public static final int MAX_SOURCES = 10_000;

    /**
     * @throws InvalidValueException if a name is not allowed
     * @throws LimitExceededException if there are too many sources
     */
    public SnapshotCut {
        if (cursors.size() > MAX_SOURCES) {
            throw new LimitExceededException(
                    "the number of sources", cursors.size(), MAX_SOURCES, "Read several streams under one cursor");
        }
        cursors.keySet().forEach(name -> Name.checked("source", name));
        cursors = Collections.unmodifiableMap(new TreeMap<>(cursors));
    }

    /** A source's cursor; empty if the host did not know the source yet. */
    public Optional<SourceCursor> cursor(String source) {
        return Optional.ofNullable(cursors.get(source));
    }

    /**
     * What the host resumes with after this cut has been restored: the same positions in a new epoch, each read from committed, since
     * what was in flight is not part of any snapshot.
     *
     * @param next the epoch that the restore minted
     * @throws StaleEpochException if it is not newer than the cut's own
     */
    public SnapshotCut resumedIn(TimelineEpoch next) {
        if (next.compareTo(epoch) <= 0) {
            throw new StaleEpochException(epoch, next);
        }
        return new SnapshotCut(
                next,
                cursors.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().retryFromCommitted())),
                dedup);
    }
}
