package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.sqlite.wal.WalPlace;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Which frame of the log ended which transaction of the timeline, for the present generation and the one before: 4 bytes for each commit. Thread-safe.
 */
final class CommitIndex {

    private static final int GENERATIONS = 2;

    private final Deque<Generation> generations = new ArrayDeque<>();

    /** Begins anew: behind this frame lies this position, and nothing before it is known. */
    synchronized void begin(WalPlace place, LogPosition position) {
        generations.clear();
        generation(place, position);
    }

    /** Goes on in a new generation, whose first commit follows this position. */
    synchronized void generation(WalPlace start, LogPosition position) {
        if (generations.size() == GENERATIONS) {
            generations.removeFirst();
        }
        generations.addLast(new Generation(start.salt1(), start.salt2(), start.frame(), position));
    }

    /** Adds the next transaction, which ends with this frame. */
    synchronized void commit(int frame) {
        generations.getLast().add(frame);
    }

    /** The position behind a frame of a generation; empty if that is not known, or not yet. */
    synchronized Optional<LogPosition> find(int salt1, int salt2, int frame) {
        for (Generation generation : generations) {
            if (generation.salt1 == salt1 && generation.salt2 == salt2) {
                return generation.find(frame);
            }
        }
        return Optional.empty();
    }

    private static final class Generation {

        private final int salt1;
        private final int salt2;
        private final int first;
        private final LogPosition before;
        private int[] ends = new int[64];
        private int count;

        Generation(int salt1, int salt2, int first, LogPosition before) {
            this.salt1 = salt1;
            this.salt2 = salt2;
            this.first = first;
            this.before = before;
        }

        void add(int frame) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, count * 2);
            }
            ends[count++] = frame;
        }

        Optional<LogPosition> find(int frame) {
            if (frame == first) {
                return Optional.of(before);
            }
            int at = Arrays.binarySearch(ends, 0, count, frame);
            return at < 0
                    ? Optional.empty()
                    : Optional.of(new LogPosition(before.timeline(), before.transaction() + at + 1));
        }
    }
}
