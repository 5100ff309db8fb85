package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.TimelineLostException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What waits of one dataset for the repository, and what became of it. Between the thread that keeps and the one that uploads. Thread-safe. */
final class Lane {

    /**
     * A segment that waits.
     *
     * @param slot where it is
     * @param bytes its sealed bytes
     * @param end the position behind it
     * @param since when it was kept
     */
    record Waiting(SpoolSlot slot, long bytes, LogPosition end, Instant since) {}

    /** From this segment on a timeline cannot be gone on with. */
    private record Loss(SpoolSlot from, TimelineLostException why) {

        boolean holds(SpoolSlot slot) {
            return slot.number() >= from.number();
        }

        /** Else somebody else has put another segment. */
        boolean isDamage() {
            return why.getCause() != null;
        }
    }

    /** Told on the uploader's thread. */
    interface Watcher {

        /** Something was stored, or cannot be. */
        void moved();

        /** A timeline cannot be gone on with. */
        void lost(String timeline, String problem);
    }

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Map<String, Loss> lost = new LinkedHashMap<>();
    private final List<String> untold = new ArrayList<>();
    private long bytes;
    private @Nullable LogPosition stored;
    private @Nullable Watcher watcher;

    /** From now on the watcher is told; what was lost before it came, now. */
    void watch(Watcher toBeTold) {
        List<String> late;
        synchronized (this) {
            watcher = toBeTold;
            late = List.copyOf(untold);
            untold.clear();
        }
        late.forEach(timeline -> toBeTold.lost(timeline, problem(timeline)));
    }

    /** Why a timeline cannot be gone on with; empty if it can. */
    synchronized String problem(String timeline) {
        Loss loss = lost.get(timeline);
        return loss == null ? "" : loss.why().getMessage();
    }

    synchronized void add(Waiting segment) {
        waiting.add(segment);
        bytes += segment.bytes();
    }

    /** It is in the repository. */
    synchronized void stored(Waiting segment) {
        stored = segment.end();
    }

    /** What an earlier process has stored, unless this one has got further. */
    synchronized void storedBefore(LogPosition position) {
        stored = stored == null ? position : stored;
    }

    /** It is not in the spool any more. */
    void gone(Waiting segment) {
        Watcher told;
        synchronized (this) {
            if (waiting.remove(segment)) {
                bytes -= segment.bytes();
            }
            told = watcher;
        }
        if (told != null) {
            told.moved();
        }
    }

    /** Ends a timeline before a segment; the next keep is told. */
    void lose(SpoolSlot from, TimelineLostException why) {
        String timeline = from.timeline();
        Watcher told;
        synchronized (this) {
            if (lost.putIfAbsent(timeline, new Loss(from, why)) != null) {
                return;
            }
            told = watcher;
            if (told == null) {
                untold.add(timeline);
            }
        }
        if (told != null) {
            told.lost(timeline, why.getMessage());
        }
    }

    synchronized boolean isLost(String timeline) {
        return lost.containsKey(timeline);
    }

    /** Whether its timeline ended before this segment. */
    synchronized boolean isLost(SpoolSlot slot) {
        Loss loss = lost.get(slot.timeline());
        return loss != null && loss.holds(slot);
    }

    /** Whether its timeline ended before this segment because what waits is damaged; it then stays where it is, for an operator to look at. */
    synchronized boolean isDamaged(SpoolSlot slot) {
        Loss loss = lost.get(slot.timeline());
        return loss != null && loss.holds(slot) && loss.isDamage();
    }

    /** @throws TimelineLostException if the timeline cannot be gone on with */
    synchronized void requireNotLost(String timeline) {
        Loss loss = lost.get(timeline);
        if (loss != null) {
            throw loss.why();
        }
    }

    void moved() {
        Watcher told;
        synchronized (this) {
            told = watcher;
        }
        if (told != null) {
            told.moved();
        }
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized Optional<LogPosition> stored() {
        return Optional.ofNullable(stored);
    }

    /** Since when the oldest one waits that is not stored. */
    synchronized Optional<Instant> waitingSince() {
        return Optional.ofNullable(waiting.peek()).map(Waiting::since);
    }

    synchronized Set<String> timelines() {
        return waiting.stream().map(segment -> segment.slot().timeline()).collect(Collectors.toSet());
    }
}
