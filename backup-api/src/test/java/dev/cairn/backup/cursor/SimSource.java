package dev.cairn.backup.cursor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A source of events with a log that it compacts, in incarnations. It keeps the truth: what the sum of its events is. Its answers are as unhelpful as real
 * ones: asked for what it no longer has, it silently begins with what it has.
 */
final class SimSource {

    static final int SLOTS = 3;
    /** No event is written to the log later than this after it happened, not even repeated. */
    private static final int LATEST_SECONDS = 90;

    final String name;
    /** Whether it can give its own state. If not, an event that it compacted too early is lost for ever. */
    final boolean hasState;

    private final SplittableRandom random;
    private final List<SimEvent> log = new ArrayList<>();
    private long[] base = new long[SLOTS];
    private int incarnation = 1;
    private long beginning;
    private long acked;
    private int ids;

    SimSource(String name, boolean hasState, SplittableRandom random) {
        this.name = name;
        this.hasState = hasState;
        this.random = random;
    }

    void append(Instant now) {
        if (!log.isEmpty() && random.nextInt(5) == 0) {
            SimEvent old = log.get(Math.max(0, log.size() - 1 - random.nextInt(4)));
            if (!old.time().isBefore(now.minusSeconds(LATEST_SECONDS))) {
                log.add(new SimEvent(log.size(), old.key(), old.time(), old.slot(), old.value(), true));
                return;
            }
        }
        EventKey key = new EventKey(name, "s" + incarnation, "e" + ids++);
        Instant time = now.minusSeconds(random.nextInt(LATEST_SECONDS));
        log.add(new SimEvent(log.size(), key, time, random.nextInt(SLOTS), 1 + random.nextInt(1_000_000), false));
    }

    SourceRange range() {
        return new SourceRange("i" + incarnation, beginning, log.size());
    }

    /** Up to four events from a position, out of order where they happened close together, sometimes with older ones delivered again. */
    List<SimEvent> read(long from) {
        long first = Math.max(from, beginning);
        long start = random.nextInt(8) == 0 ? Math.max(beginning, first - 2) : first;
        long end = Math.min(log.size(), first + 1 + random.nextInt(4));
        List<SimEvent> page = new ArrayList<>();
        for (long position = start; position < end; position++) {
            page.add(log.get((int) position));
        }
        for (int i = 1; i < page.size(); i++) {
            long apart =
                    page.get(i).time().getEpochSecond() - page.get(i - 1).time().getEpochSecond();
            if (Math.abs(apart) <= 20 && random.nextBoolean()) {
                page.add(i - 1, page.remove(i));
            }
        }
        return page;
    }

    void ack(long position) {
        acked = Math.max(acked, Math.min(position, log.size()));
        if (random.nextInt(3) == 0) {
            beginning = Math.max(beginning, acked); // It compacts when it likes.
        }
    }

    /** Compacts without being asked to. */
    void compactByForce() {
        beginning = Math.max(beginning, log.size() - random.nextInt(3));
    }

    /** Whether what it has compacted was acknowledged by the host. */
    boolean compactedAsAcknowledged() {
        return beginning <= acked;
    }

    /** Starts anew under a new name, with its state or without. Its positions begin at zero again. */
    void restart() {
        base = random.nextBoolean() ? new long[SLOTS] : state(log.size());
        log.clear();
        incarnation++;
        beginning = 0;
        acked = 0;
    }

    /** Loses its newest events, down to a position that nobody has applied. */
    void loseTail(long position) {
        while (log.size() > Math.max(position, beginning)) {
            log.remove(log.size() - 1);
        }
    }

    /** What it would answer to a resync: the repetitions to come are of events not older than this. */
    List<SimEvent> recent(Instant now) {
        return log.stream()
                .filter(event -> !event.time().isBefore(now.minusSeconds(LATEST_SECONDS)))
                .toList();
    }

    /** The truth: its state after all events below a position. */
    long[] state(long position) {
        long[] state = base.clone();
        for (int i = 0; i < position; i++) {
            SimEvent event = log.get(i);
            if (!event.repetition()) {
                state[event.slot()] += event.value();
            }
        }
        return state;
    }
}
