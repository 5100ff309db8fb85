package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** What a dedup window remembers of one source: a set to look up, and the same in the order of time to forget from. */
final class SightingLog {

    private final Set<EventKey> keys = new HashSet<>();
    private final PriorityQueue<SeenEvent> byTime = new PriorityQueue<>(Comparator.comparing(SeenEvent::at));
    private Instant horizon;

    SightingLog(Instant horizon) {
        this.horizon = horizon;
    }

    boolean holds(EventKey key) {
        return keys.contains(key);
    }

    boolean reaches(Instant eventTime) {
        return !eventTime.isBefore(horizon);
    }

    int size() {
        return keys.size();
    }

    /** Moves the horizon, never back, and forgets what lies before it. */
    void forgetBefore(Instant latest, Duration retention) {
        Instant limit = minus(latest, retention);
        if (limit.isAfter(horizon)) {
            horizon = limit;
        }
        for (SeenEvent oldest = byTime.peek(); oldest != null && !reaches(oldest.at()); oldest = byTime.peek()) {
            byTime.remove();
            keys.remove(oldest.key());
        }
    }

    /** @throws InvalidValueException if it is there already */
    void add(SeenEvent event) {
        if (!keys.add(event.key())) {
            throw new InvalidValueException("seen event", event.key(), "each event once");
        }
        byTime.add(event);
    }

    /** Neither sorted nor looked through: the host holds its barrier for it. */
    SourceSightings content() {
        return new SourceSightings(horizon, List.copyOf(byTime));
    }

    private static Instant minus(Instant instant, Duration duration) {
        try {
            return instant.minus(duration);
        } catch (DateTimeException | ArithmeticException beforeAllTime) {
            return Instant.MIN;
        }
    }
}
