package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers which events were seen, for a time. What it is about decides its type, because a restore treats the two differently: a
 * {@link StateDedupWindow} says what the host's state holds and goes back with it; an {@link EffectDedupWindow} says what the outside world
 * has seen and never goes back.
 *
 * <p>Time is event time, for each source its own: a source that lags or that has been away for a day forgets nothing because another one runs
 * ahead. A time later than the host's own does not move the horizon, so that one event stamped in the far future cannot make the window forget;
 * the event itself is kept until its time has come. Within the retention nothing is ever forgotten: when the capacity is reached, new events are
 * refused ({@link Sighting#FULL}).
 *
 * <p>Not thread-safe: it changes under the lock under which the host applies.
 */
public abstract sealed class DedupWindow permits StateDedupWindow, EffectDedupWindow {

    /** The greatest number of sources. */
    public static final int MAX_SOURCES = 10_000;

    private final DedupBounds bounds;
    private final Map<String, SightingLog> sources = new HashMap<>();
    private int size;

    DedupWindow(DedupBounds bounds, Map<String, SourceSightings> content) {
        this.bounds = bounds;
        content.forEach((source, sightings) -> {
            SightingLog log = new SightingLog(sightings.horizon());
            sightings.seen().forEach(log::add);
            sources.put(source, log);
            size += log.size();
        });
        if (size > bounds.capacity()) {
            throw new LimitExceededException(
                    "the number of remembered events", size, bounds.capacity(), "Give the window a greater capacity");
        }
    }

    /**
     * Asks about an event and remembers it if it is new.
     *
     * @param key the event
     * @param eventTime when it happened, by its source's clock
     * @param now the host's wall clock
     */
    public Sighting observe(EventKey key, Instant eventTime, Instant now) {
        SightingLog log = sources.get(key.source());
        if (log == null) {
            log = register(key.source());
        }
        if (log.holds(key)) {
            return Sighting.DUPLICATE;
        }
        if (!log.reaches(eventTime)) {
            return Sighting.TOO_OLD;
        }
        int before = log.size();
        log.forgetBefore(eventTime.isBefore(now) ? eventTime : now, bounds.retention());
        size -= before - log.size();
        if (size >= bounds.capacity()) {
            return Sighting.FULL;
        }
        log.add(new SeenEvent(key, eventTime));
        size++;
        return Sighting.FIRST;
    }

    /** Whether an event is remembered. */
    public boolean holds(EventKey key) {
        SightingLog log = sources.get(key.source());
        return log != null && log.holds(key);
    }

    /** How many events are remembered. */
    public int size() {
        return size;
    }

    /** The bounds it was made with. */
    public DedupBounds bounds() {
        return bounds;
    }

    final void forgetAll(String source) {
        SightingLog log = sources.remove(source);
        if (log != null) {
            size -= log.size();
        }
    }

    final Map<String, SourceSightings> sightings() {
        Map<String, SourceSightings> content = new HashMap<>();
        sources.forEach((source, log) -> content.put(source, log.content()));
        return content;
    }

    private SightingLog register(String source) {
        if (sources.size() >= MAX_SOURCES) {
            throw new LimitExceededException(
                    "the number of sources",
                    sources.size() + 1L,
                    MAX_SOURCES,
                    "Put the stream's name into the session");
        }
        SightingLog log = new SightingLog(Instant.MIN);
        sources.put(source, log);
        return log;
    }

    /** @throws InvalidValueException if the content does not fit together, {@link LimitExceededException} if it is too large */
    static Map<String, SourceSightings> checked(Map<String, SourceSightings> sources) {
        if (sources.size() > MAX_SOURCES) {
            throw new LimitExceededException(
                    "the number of sources", sources.size(), MAX_SOURCES, "Put the stream's name into the session");
        }
        long events = 0;
        for (Map.Entry<String, SourceSightings> entry : sources.entrySet()) {
            Name.checked("source", entry.getKey());
            for (SeenEvent event : entry.getValue().seen()) {
                if (!event.key().source().equals(entry.getKey())) {
                    throw new InvalidValueException(
                            "source of " + event.key(), event.key().source(), entry.getKey());
                }
            }
            events += entry.getValue().seen().size();
        }
        if (events > DedupBounds.MAX_CAPACITY) {
            throw new LimitExceededException(
                    "the number of remembered events", events, DedupBounds.MAX_CAPACITY, "Shorten the retention");
        }
        return Map.copyOf(sources);
    }
}
