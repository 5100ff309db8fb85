package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The example of docs/cursor-recovery.md, as it stands there. */
class CursorGuideTest {

    private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");

    record Event(String id, Instant at, int amount) {}

    // guide:begin
    /** Sums up what one source says. Everything that changes does so under one lock, which is also the barrier. */
    static final class Counter {

        private final ReentrantLock lock = new ReentrantLock();
        private final DedupBounds bounds = DedupBounds.covering(RewindLimits.defaults(), Duration.ofDays(1), 100_000);
        private LiveCursor cursor = LiveCursor.resume("orders", TimelineEpoch.first(), SourceCursor.start("orders-1"));
        private StateDedupWindow dedup = StateDedupWindow.empty(bounds);
        private long total;

        /** One page: take the term before fetching, apply and commit in one critical section. */
        void read(List<Event> log, Instant now) {
            ReadTerm term = cursor.term();
            long from = cursor.cursor().fetched();
            List<Event> page = log.subList((int) from, Math.min(log.size(), (int) from + 500));
            cursor.advanceFetched(term, from + page.size());
            apply(term, page, from + page.size(), now);
        }

        void apply(ReadTerm term, List<Event> page, long next, Instant now) {
            lock.lock();
            try {
                cursor.admit(term); // Refuses a page that a restore or a rewind has overtaken.
                for (Event event : page) {
                    EventKey key = new EventKey("orders", "main", event.id());
                    switch (dedup.observe(key, event.at(), now)) {
                        case FIRST -> total += event.amount();
                        case DUPLICATE -> {}
                        case TOO_OLD, FULL -> throw new IllegalStateException("put aside: " + event);
                    }
                }
                cursor.commit(term, next);
            } finally {
                lock.unlock();
            }
        }

        /** Read inside the barrier, beside the freeze of the state. */
        SnapshotCut cut() {
            return new SnapshotCut(cursor.term().epoch(), Map.of("orders", cursor.cursor()), dedup.content());
        }

        /** The restore has put back the state and hands over the cut that belongs to it, in the epoch it minted. */
        void resume(long restoredTotal, SnapshotCut resumed, SourceRange source) {
            lock.lock();
            try {
                total = restoredTotal;
                dedup = StateDedupWindow.of(bounds, resumed.dedup());
                cursor.restored(resumed.epoch(), resumed.cursor("orders").orElseThrow());
            } finally {
                lock.unlock();
            }
            RecoveryAction action = CursorFinding.of(cursor.cursor(), source).action();
            if (!(action instanceof RecoveryAction.Continue)) {
                throw new IllegalStateException("carry out " + action);
            }
        }
    }
    // guide:end

    @Test
    void aRestoredCounterCountsEveryOrderOnce() {
        List<Event> log = new ArrayList<>();
        Counter counter = new Counter();
        for (int i = 0; i < 10; i++) {
            log.add(new Event("o" + i, T.plusSeconds(i), 1 << i));
        }
        counter.read(log.subList(0, 4), T);
        SnapshotCut cut = counter.cut();
        long total = counter.total;
        counter.read(log, T);
        assertEquals(1023, counter.total);
        ReadTerm overtaken = counter.cursor.term();

        counter.resume(total, cut.resumedIn(cut.epoch().next()), new SourceRange("orders-1", 0, log.size()));
        assertEquals(15, counter.total);
        log.add(log.get(3)); // The source repeats itself.
        counter.read(log, T);
        assertEquals(1023, counter.total);
        assertThrows(StaleEpochException.class, () -> counter.apply(overtaken, log.subList(4, 10), 10, T));
        assertEquals(1023, counter.total);
    }

    @Test
    void theGuideShowsThisVeryCode() throws Exception {
        java.nio.file.Path guide = java.nio.file.Path.of("..", "docs", "cursor-recovery.md");
        java.nio.file.Path source = java.nio.file.Path.of("src/test/java/dev/cairn/backup/cursor/CursorGuideTest.java");
        String shown = section(java.nio.file.Files.readString(guide), "```java\n", "```");
        String here = section(java.nio.file.Files.readString(source), "// guide:begin\n", "// guide:end")
                .stripTrailing()
                .indent(-4);
        assertEquals(here, shown);
    }

    private static String section(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }

    @Test
    void theGuidesHostSurvivesACrashFromItsOwnStore() {
        Map<String, SourceCursor> stored = new HashMap<>();
        Counter counter = new Counter();
        List<Event> log = List.of(new Event("a", T, 1), new Event("b", T, 2));
        counter.read(log, T);
        stored.putAll(counter.cut().cursors());
        LiveCursor restarted = LiveCursor.resume("orders", counter.cut().epoch(), stored.get("orders"));
        assertEquals(2, restarted.cursor().committed());
    }
}
