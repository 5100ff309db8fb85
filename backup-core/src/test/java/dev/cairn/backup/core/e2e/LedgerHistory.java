package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the host has acknowledged. An era is what it did between two moments at which its history was cut: a kill, a restore, another file in the place of its own. Thread-safe.
 */
final class LedgerHistory {

    private final Map<Integer, TreeMap<Long, Instant>> acknowledged = new HashMap<>();
    private final Map<Integer, Long> inFlight = new HashMap<>();
    private final Map<List<LedgerModel.Beginning>, LedgerModel> models = new HashMap<>();

    /** A transaction that was committed. */
    synchronized void acknowledge(int era, Ledger.Committed committed) {
        acknowledged.computeIfAbsent(era, unknown -> new TreeMap<>()).put(committed.number(), committed.committing());
    }

    /** Its process was killed with so many transactions under way, of which nobody knows whether they were committed. */
    synchronized void killed(int era, int transactions) {
        inFlight.put(era, (long) transactions);
    }

    /** The last one that was acknowledged; 0 if there is none. */
    synchronized long last(int era) {
        TreeMap<Long, Instant> numbers = acknowledged.getOrDefault(era, new TreeMap<>());
        return numbers.isEmpty() ? 0 : numbers.lastKey();
    }

    /** No state seen before this moment can hold that transaction. */
    synchronized Instant committing(int era, long number) {
        return acknowledged.get(era).get(number);
    }

    /**
     * That a state is sound and is exactly a prefix of what was acknowledged: all effects of the first transactions and none of a later one. Each era has no gap of its own, so
     * that of a span that begins where its era began and does not end behind its last transaction, every one was acknowledged.
     */
    synchronized void assertPrefix(LedgerState state, String what) {
        assertEquals("ok", state.integrity(), what);
        assertEquals((long) LedgerEffect.ACCOUNTS * LedgerEffect.BEGINNING, state.money(), what);
        assertEquals(state.last(), state.entries(), what + ": a number is missing in " + state.spans());
        long next = 1;
        List<LedgerModel.Beginning> history = new ArrayList<>();
        for (LedgerState.Span span : state.spans()) {
            assertEquals(next, span.first(), () -> what + ": " + state.spans());
            TreeMap<Long, Instant> numbers = acknowledged.getOrDefault(span.era(), new TreeMap<>());
            long most =
                    (numbers.isEmpty() ? span.first() - 1 : numbers.lastKey()) + inFlight.getOrDefault(span.era(), 0L);
            assertTrue(
                    span.last() <= most,
                    () -> what + ": " + span + ", but only up to " + most + " was anything acknowledged");
            if (!numbers.isEmpty()) {
                long untold = inFlight.getOrDefault(span.era(), 0L);
                assertTrue(
                        span.first() <= numbers.firstKey() && span.first() >= numbers.firstKey() - untold,
                        () -> what + ": " + span + " begins elsewhere than " + numbers.firstKey());
            }
            history.add(new LedgerModel.Beginning(span.era(), span.first()));
            next = span.last() + 1;
        }
        assertEquals(
                models.computeIfAbsent(history, LedgerModel::new).after(state.last()),
                state.sums(),
                () -> what + ": not the effects of " + state.spans());
    }
}
