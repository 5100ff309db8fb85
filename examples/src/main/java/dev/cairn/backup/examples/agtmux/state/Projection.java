package dev.cairn.backup.examples.agtmux.state;

import dev.cairn.backup.cursor.DedupBounds;
import dev.cairn.backup.cursor.EventKey;
import dev.cairn.backup.cursor.LiveCursor;
import dev.cairn.backup.cursor.ReadTerm;
import dev.cairn.backup.cursor.RewindLimits;
import dev.cairn.backup.cursor.RewindOutcome;
import dev.cairn.backup.cursor.SeenEvent;
import dev.cairn.backup.cursor.Sighting;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.cursor.StateDedupWindow;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.examples.agtmux.HostTime;
import dev.cairn.backup.examples.agtmux.source.SourceEvent;
import dev.cairn.backup.examples.agtmux.source.SourceView;
import dev.cairn.backup.lifecycle.SourceHealth;
import dev.cairn.backup.lifecycle.SourceSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state that all sources' events add up to, with the cursors and the dedup window that belong to it. All of it changes under one lock, which is also the barrier of snapshots, and is stored in one
 * transaction: at a checkpoint, at the latest after 30 seconds or 500 events. Its version is the number of events that it has gone through. Thread-safe.
 */
public final class Projection implements AutoCloseable {

    /** The tables that a restore replaces. Neither {@code state_snapshot_v2} nor {@code acknowledged} is one of them. */
    public static final String[] RESTORED = {
        "session_state_v2", "pane_state_v2", "binding_link_v2", "cursor_state_v2", "source_health_v2", "seen_event"
    };

    /** How long events are remembered: for the rewind window and two minutes more, 12 minutes in all. */
    public static final DedupBounds DEDUP = DedupBounds.covering(RewindLimits.defaults(), Duration.ZERO, 200_000);

    private final HostTime time;
    private final StateStore store;
    private final StateRows rows;
    private final CursorRows stored;
    private final SourceRows sources;
    private final Catalogue catalogue;
    private final Map<String, LiveCursor> cursors = new ConcurrentHashMap<>();
    private StateDedupWindow dedup;
    private @Nullable TimelineEpoch epoch;
    private boolean letGo;

    private Projection(StateDatabase database, HostTime time) {
        this.time = time;
        this.store = new StateStore(database, time);
        this.rows = new StateRows(database);
        this.stored = new CursorRows(database);
        this.sources = new SourceRows(database);
        this.catalogue = new Catalogue(store, database);
        this.dedup = StateDedupWindow.of(DEDUP, stored.seen(DEDUP.retention(), time.now()));
    }

    /** The projection in that database as it was stored last. It has no cursors before it is told its epoch. */
    public static Projection open(Path file, HostTime time) {
        return new Projection(StateDatabase.open(file), time);
    }

    /** Begins to live in an epoch: each cursor reads on from committed. Does nothing if a restore has handed over cursors of this epoch already. */
    public void begin(TimelineEpoch current) {
        locked(() -> {
            if (!current.equals(epoch)) {
                epoch = current;
                cursors.clear();
                stored.cursors()
                        .forEach((source, cursor) -> cursors.put(source, LiveCursor.resume(source, current, cursor)));
            }
            return null;
        });
    }

    /** The cursor of a source; one that is new begins at the beginning of its incarnation. */
    public LiveCursor cursor(String source, String incarnation) {
        return locked(() -> {
            LiveCursor known = cursors.get(source);
            if (known != null) {
                return known;
            }
            SourceCursor start = SourceCursor.start(incarnation);
            LiveCursor cursor = LiveCursor.resume(source, epoch(), start);
            cursors.put(source, cursor);
            stored.store(source, start);
            return cursor;
        });
    }

    /** The cursors by source. */
    public Map<String, SourceCursor> cursors() {
        return locked(() -> {
            Map<String, SourceCursor> all = new TreeMap<>();
            cursors.forEach((source, cursor) -> all.put(source, cursor.cursor()));
            return all;
        });
    }

    private TimelineEpoch epoch() {
        TimelineEpoch current = epoch;
        if (current == null) {
            throw new IllegalStateException("the projection was not told its epoch yet");
        }
        return current;
    }

    /**
     * Applies a page: state, dedup and cursor in one critical section.
     *
     * @param next the position behind the page
     * @throws dev.cairn.backup.cursor.StaleReadException if a rewind or resync has overtaken the reader
     * @throws dev.cairn.backup.cursor.StaleEpochException if a restore has
     */
    public Applied apply(LiveCursor cursor, ReadTerm term, List<SourceEvent> page, long next) {
        return locked(() -> {
            if (letGo) {
                throw new IllegalStateException("a restore has the state; nothing can be applied");
            }
            cursor.admit(term);
            if (!page.isEmpty() && page.get(0).position() != cursor.cursor().committed()) {
                throw new IllegalStateException("source '" + cursor.source() + "' is applied up to "
                        + cursor.cursor().committed() + ", the page begins with " + page.get(0));
            }
            return store.whole(() -> applyAll(cursor, term, page, next));
        });
    }

    private Applied applyAll(LiveCursor cursor, ReadTerm term, List<SourceEvent> page, long next) {
        Instant now = time.now();
        for (SourceEvent event : page) {
            EventKey key = new EventKey(cursor.source(), event.session(), event.id());
            Sighting sighting = dedup.observe(key, event.at(), now);
            if (sighting == Sighting.FIRST) {
                rows.apply(cursor.source(), event);
                stored.saw(new SeenEvent(key, event.at()));
            } else if (sighting != Sighting.DUPLICATE) {
                return committed(cursor, term, event.position(), Optional.of(sighting));
            }
        }
        return committed(cursor, term, next, Optional.empty());
    }

    private Applied committed(LiveCursor cursor, ReadTerm term, long position, Optional<Sighting> refused) {
        long before = cursor.cursor().committed();
        cursor.commit(term, position);
        stored.store(cursor.source(), cursor.cursor());
        if (store.applied(position - before)) {
            checkpoint();
        }
        return new Applied(position, refused);
    }

    /** Takes fetched back to committed, under the lock under which pages are applied; answers the new term. */
    public ReadTerm retryFromCommitted(LiveCursor cursor, ReadTerm term) {
        return locked(() -> cursor.retryFromCommitted(term));
    }

    /** Takes the cursor back, if that is not too far. The events from there on come again, and the dedup window knows them. */
    public RewindOutcome rewind(LiveCursor cursor, ReadTerm term, long target, Duration age) {
        return locked(() -> {
            RewindOutcome outcome = cursor.safeRewind(term, target, age, RewindLimits.defaults());
            stored.store(cursor.source(), cursor.cursor());
            return outcome;
        });
    }

    /**
     * Discards what was derived from a source, takes over its own state, and goes on from there.
     *
     * @return how many rows were discarded
     */
    public int resync(LiveCursor cursor, ReadTerm term, String incarnation, SourceView view, long position) {
        return locked(() -> {
            cursor.admit(term);
            int discarded = store.whole(() -> replace(cursor, term, incarnation, view, position));
            checkpoint();
            return discarded;
        });
    }

    private int replace(LiveCursor cursor, ReadTerm term, String incarnation, SourceView view, long position) {
        int discarded = rows.discard(cursor.source());
        rows.take(cursor.source(), view);
        dedup.forget(cursor.source());
        stored.forgetSeen(cursor.source());
        cursor.resynced(term, incarnation, position);
        stored.store(cursor.source(), cursor.cursor());
        return discarded;
    }

    /** Makes durable what was applied, if that is due. */
    public boolean checkpointIfDue() {
        return locked(() -> {
            boolean due = store.isDue();
            if (due) {
                checkpoint();
            }
            return due;
        });
    }

    /** Makes durable what was applied. */
    public void checkpoint() {
        locked(() -> {
            stored.forgetBefore(DEDUP.retention(), time.now());
            store.checkpoint();
            return null;
        });
    }

    /** How many events were applied since the last checkpoint, and are lost in a crash, to be read again. */
    public long unstored() {
        return locked(store::unstored);
    }

    /** The barrier: all that was applied is stored, and nothing changes while the action runs. */
    public void whileQuiet(Runnable action) {
        locked(() -> {
            checkpoint();
            action.run();
            return null;
        });
    }

    /** Lets a restore have the tables. */
    public void letGo() {
        locked(() -> {
            checkpoint();
            letGo = true;
            return null;
        });
    }

    /** Takes the tables up again. */
    public void takeUp() {
        locked(() -> letGo = false);
    }

    /** Where in its sources' events the state stands. */
    public SnapshotCut cut() {
        return locked(() -> new SnapshotCut(epoch(), cursors(), dedup.content()));
    }

    /** Goes on from a cut that a restore hands over, in its epoch. */
    public void resume(SnapshotCut cut) {
        locked(() -> {
            epoch = cut.epoch();
            Map<String, LiveCursor> known = new HashMap<>(cursors);
            cursors.clear();
            cut.cursors().forEach((source, cursor) -> {
                LiveCursor live = known.get(source);
                if (live == null) {
                    live = LiveCursor.resume(source, cut.epoch(), cursor);
                } else {
                    live.restored(cut.epoch(), cursor); // Whoever still holds it is refused from now on.
                }
                cursors.put(source, live);
            });
            dedup = StateDedupWindow.of(DEDUP, cut.dedup());
            return null;
        });
    }

    /** How many events the state has gone through. */
    public long version() {
        return locked(() -> cursors.values().stream()
                .mapToLong(live -> live.cursor().committed())
                .sum());
    }

    /** How a source stands; one that is new is pending. */
    public SourceHealth health(String source) {
        return locked(() -> sources.health(source).orElseGet(() -> {
            SourceHealth fresh = SourceHealth.registered(source, time.now());
            sources.store(fresh);
            return fresh;
        }));
    }

    /** How all sources stand. */
    public List<SourceHealth> health() {
        return locked(sources::all);
    }

    /** Notes what was seen of a source, if that can happen to it as it stands; answers how it stands now if that is news. */
    public Optional<SourceHealth> saw(String source, SourceSignal signal) {
        return locked(() -> {
            SourceHealth before = health(source);
            if (before.state().after(signal).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(signal(source, signal)).filter(after -> !after.equals(before));
        });
    }

    /**
     * Tells what happened to a source; answers how it stands now.
     *
     * @throws dev.cairn.backup.lifecycle.SourceTransitionException if that cannot happen to it as it stands
     */
    public SourceHealth signal(String source, SourceSignal signal) {
        return locked(() -> {
            SourceHealth before = health(source);
            SourceHealth after = before.on(signal, time.now());
            if (!after.equals(before)) {
                sources.store(after);
                checkpoint();
            }
            return after;
        });
    }

    /** Up to where an incarnation of a source was ever acknowledged. */
    public long acknowledged(String source, String incarnation) {
        return locked(() -> sources.acknowledged(source, incarnation));
    }

    /**
     * Decides up to where each source may be acknowledged, and remembers it durably before anybody is told.
     *
     * @param upTo given the live cursor, whose stored twin is the same at a checkpoint
     * @return by source what is new
     */
    public Map<String, Long> acknowledge(Function<LiveCursor, Long> upTo) {
        return locked(() -> {
            checkpoint();
            Map<String, Long> fresh = new TreeMap<>();
            cursors.forEach((source, cursor) -> {
                String incarnation = cursor.cursor().incarnation();
                long position = upTo.apply(cursor);
                if (position > sources.acknowledged(source, incarnation)) {
                    sources.acknowledged(source, incarnation, position);
                    fresh.put(source, position);
                }
            });
            checkpoint();
            return fresh;
        });
    }

    /** What the rows of a source say. */
    public SourceView view(String source) {
        return locked(() -> rows.view(source));
    }

    /** How many sessions there are. */
    public long sessions() {
        return locked(rows::sessions);
    }

    /** How many panes there are. */
    public long panes() {
        return locked(rows::panes);
    }

    /** The sessions. */
    public List<Map<String, Object>> listSessions() {
        return locked(rows::listSessions);
    }

    /** The panes. */
    public List<Map<String, Object>> listPanes() {
        return locked(rows::listPanes);
    }

    /** The catalogue of snapshots in the database. */
    public Catalogue catalogue() {
        return catalogue;
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        return store.locked(work);
    }

    /** Closes the database. What was not made durable is read again. */
    @Override
    public void close() {
        store.close();
    }
}
