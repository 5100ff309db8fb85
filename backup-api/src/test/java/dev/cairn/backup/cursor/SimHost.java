package dev.cairn.backup.cursor;

import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A host that keeps the sum of what its sources said, uses the types of this package as the guide tells, and makes at most one mistake. */
final class SimHost {

    static final Duration HORIZON = Duration.ofMinutes(30);

    private static final RewindLimits REWIND = RewindLimits.defaults();
    private static final DedupBounds STATE = DedupBounds.covering(REWIND, Duration.ZERO, 10_000);
    private static final DedupBounds TOO_SHORT = new DedupBounds(Duration.ofSeconds(30), 10_000);
    private static final DedupBounds EFFECTS = DedupBounds.covering(REWIND, Duration.ofDays(2), 10_000);
    private static final CheckpointPolicy CHECKPOINTS = new CheckpointPolicy(Duration.ofMinutes(2), 4);

    /** What one transaction or one snapshot holds. The model's own note, up to where each source is in the state, goes with it. */
    record Stored(Map<String, long[]> state, Map<String, Long> applied, SnapshotCut cut, EffectDedup effects) {}

    record Snapshot(RetainedCut retained, Stored stored) {}

    private record Batch(String source, ReadTerm term, long to, List<SimEvent> events) {}

    private final HostMistake mistake;
    private final SimTally tally;
    private final Map<String, SimSource> sources = new HashMap<>();
    private final Map<String, InvalidCursorTracker> trackers = new HashMap<>();
    private final Map<String, LiveCursor> cursors = new HashMap<>();
    private final Map<String, Deque<Batch>> inFlight = new HashMap<>();
    /** Readers that were overtaken by a rewind, a resync or a restore and do not know it. */
    private final Deque<Batch> overtaken = new ArrayDeque<>();

    /** Like the effects it is stored apart and never restored. */
    private final Map<String, SourceRange> acknowledged = new HashMap<>();

    private final Set<EventKey> sent = new HashSet<>();
    private Map<String, long[]> state = new HashMap<>();
    private Map<String, Long> applied = new HashMap<>();
    private StateDedupWindow dedup;
    private EffectDedupWindow effects = EffectDedupWindow.empty(EFFECTS);
    private TimelineEpoch epoch = TimelineEpoch.first();
    private CheckpointProgress progress;
    private Stored live;
    private Instant now;

    SimHost(HostMistake mistake, List<SimSource> all, Instant now, SimTally tally) {
        this.mistake = mistake;
        this.tally = tally;
        this.now = now;
        this.dedup = StateDedupWindow.empty(stateBounds());
        this.progress = CheckpointProgress.taken(nanos());
        for (SimSource source : all) {
            sources.put(source.name, source);
            trackers.put(source.name, InvalidCursorTracker.start());
            inFlight.put(source.name, new ArrayDeque<>());
            state.put(source.name, new long[SimSource.SLOTS]);
            applied.put(source.name, 0L);
            cursors.put(
                    source.name,
                    LiveCursor.resume(
                            source.name,
                            epoch,
                            SourceCursor.start(source.range().incarnation())));
        }
        live = capture();
    }

    void now(Instant present) {
        now = present;
    }

    void fetch(SimSource source) {
        LiveCursor cursor = cursors.get(source.name);
        ReadTerm term = cursor.term();
        List<SimEvent> events = source.read(cursor.cursor().fetched());
        if (events.isEmpty()) {
            return;
        }
        long to = events.stream().mapToLong(SimEvent::position).max().getAsLong() + 1;
        if (to <= cursor.cursor().fetched()) {
            return;
        }
        cursor.advanceFetched(term, to);
        trackers.get(source.name).valid();
        inFlight.get(source.name).add(new Batch(source.name, term, to, events));
        if (mistake == HostMistake.CURSOR_STORED_AT_FETCH) {
            Map<String, SourceCursor> ahead = new HashMap<>(live.cut().cursors());
            ahead.put(source.name, SourceCursor.resynced(cursor.cursor().incarnation(), to));
            SnapshotCut cut = new SnapshotCut(epoch, ahead, live.cut().dedup());
            live = new Stored(live.state(), live.applied(), cut, live.effects());
        }
    }

    void apply(SimSource source) {
        Batch batch = inFlight.get(source.name).poll();
        if (batch != null) {
            apply(batch);
        }
    }

    /** A reader that was overtaken arrives with its batch. */
    void arriveLate() {
        Batch batch = overtaken.poll();
        if (batch == null) {
            return;
        }
        try {
            apply(batch);
            throw new Violation("a reader of " + batch.term() + " got through");
        } catch (StaleEpochException refused) {
            tally.add("reader of an older epoch refused");
        } catch (StaleReadException refused) {
            tally.add("reader of an older term refused");
        } catch (Violation gotThrough) {
            if (mistake == HostMistake.NONE) {
                throw gotThrough;
            }
        }
    }

    private void apply(Batch batch) {
        LiveCursor cursor = cursors.get(batch.source());
        cursor.admit(batch.term());
        long committed = cursor.cursor().committed();
        for (SimEvent event : batch.events()) {
            if (event.position() < committed) {
                continue;
            }
            Sighting sighting = dedup.observe(event.key(), event.time(), now);
            if (sighting == Sighting.TOO_OLD && mistake != HostMistake.DEDUP_TOO_SHORT) {
                throw new Violation("it cannot be told whether " + event + " was applied");
            }
            if (sighting == Sighting.DUPLICATE) {
                tally.add("duplicate");
            }
            if (sighting == Sighting.FIRST || sighting == Sighting.TOO_OLD) {
                state.get(batch.source())[event.slot()] += event.value();
                send(event);
            }
        }
        cursor.commit(batch.term(), batch.to());
        applied.merge(batch.source(), batch.to(), Math::max);
        progress = progress.committed(batch.events().size());
        if (CHECKPOINTS.isDue(progress, nanos())) {
            checkpoint();
        }
    }

    private void send(SimEvent event) {
        if (effects.holds(event.key())) {
            tally.add("effect not sent again");
            return;
        }
        if (!sent.add(event.key())) {
            throw new Violation("the effect of " + event + " was sent twice");
        }
        effects.observe(event.key(), event.time(), now);
    }

    void checkpoint() {
        live = capture();
        progress = CheckpointProgress.taken(nanos());
    }

    Snapshot snapshot(SnapshotId id) {
        Stored stored = capture();
        return new Snapshot(new RetainedCut(id, now, stored.cut()), stored);
    }

    /** One transaction, or the inside of the barrier. */
    private Stored capture() {
        Map<String, SourceCursor> positions = new HashMap<>();
        cursors.forEach((name, cursor) -> positions.put(name, cursor.cursor()));
        EffectDedup told = mistake == HostMistake.EFFECTS_INSIDE_CUT ? effects.content() : EffectDedup.empty();
        return new Stored(
                copy(state), new HashMap<>(applied), new SnapshotCut(epoch, positions, dedup.content()), told);
    }

    void acknowledge(List<RetainedCut> retained, SimSource source, boolean arrives) {
        SourceCursor stored = live.cut().cursor(source.name).orElseThrow();
        if (!stored.incarnation().equals(source.range().incarnation())) {
            return;
        }
        long position = mistake == HostMistake.ACK_BEFORE_DURABLE
                ? stored.committed()
                : ReleaseFloor.of(epoch, retained, HORIZON, now).ackUpTo(cursors.get(source.name), stored);
        if (mistake != HostMistake.FORGETS_ACKNOWLEDGEMENTS) {
            acknowledged.put(source.name, range(source).acknowledged(position)); // Never lower than before.
        }
        if (arrives) {
            source.ack(position);
        } else if (position > 0) {
            tally.add("lost acknowledgement");
        }
    }

    /** What the source can deliver, less what it was told that it need not keep. */
    private SourceRange range(SimSource source) {
        SourceRange range = source.range();
        SourceRange told = acknowledged.get(source.name);
        return told != null && told.incarnation().equals(range.incarnation())
                ? range.acknowledged(told.beginning())
                : range;
    }

    /** The process dies and starts again from its own store. */
    void crash() {
        tally.add("crash");
        overtaken.clear();
        inFlight.values().forEach(Deque::clear);
        resume(live);
        live.cut().cursors().forEach((name, cursor) -> cursors.put(name, LiveCursor.resume(name, epoch, cursor)));
        sources.values().forEach(source -> connect(source, false));
    }

    void restore(Snapshot snapshot) {
        tally.add("restore");
        inFlight.values().forEach(this::overtake);
        boolean replayable =
                Duration.between(snapshot.retained().takenAt(), now).compareTo(HORIZON) <= 0;
        Stored stored = snapshot.stored();
        StateDedup kept = dedup.content();
        resume(stored);
        if (mistake == HostMistake.DEDUP_OUTSIDE_CUT) {
            dedup = StateDedupWindow.of(stateBounds(), kept);
        }
        if (mistake == HostMistake.EFFECTS_INSIDE_CUT) {
            effects = EffectDedupWindow.of(EFFECTS, stored.effects());
        }
        Map<String, SourceCursor> from = mistake == HostMistake.CURSOR_FROM_LIVE_STORE
                ? live.cut().cursors()
                : stored.cut().cursors();
        if (mistake == HostMistake.EPOCH_NOT_MINTED) {
            from.forEach((name, cursor) -> cursors.put(name, LiveCursor.resume(name, epoch, cursor)));
        } else {
            epoch = epoch.next();
            SnapshotCut resumed =
                    new SnapshotCut(stored.cut().epoch(), from, stored.cut().dedup()).resumedIn(epoch);
            resumed.cursors().forEach((name, cursor) -> cursors.get(name).restored(epoch, cursor));
        }
        checkpoint();
        sources.values().forEach(source -> connect(source, replayable));
    }

    private void resume(Stored stored) {
        state = copy(stored.state());
        applied = new HashMap<>(stored.applied());
        dedup = StateDedupWindow.of(stateBounds(), stored.cut().dedup());
        progress = CheckpointProgress.taken(nanos());
    }

    /** Compares the cursor with the source and does what the finding says. */
    void connect(SimSource source, boolean mustReplay) {
        LiveCursor cursor = cursors.get(source.name);
        SourceRange range = range(source);
        SourceCursor position = cursor.cursor();
        if (mistake == HostMistake.IGNORES_INCARNATION) {
            position = new SourceCursor(range.incarnation(), position.base(), position.watermarks());
        }
        CursorFinding finding = CursorFinding.of(position, range);
        if (finding instanceof CursorFinding.BeforeBeginning && mustReplay && source.compactedAsAcknowledged()) {
            throw new Violation("what a restore replays was acknowledged: " + finding);
        }
        if (finding instanceof CursorFinding.BeforeBeginning && mistake == HostMistake.JUMP_TO_LATEST) {
            cursor.resynced(cursor.term(), range.incarnation(), range.end());
            applied.put(source.name, range.end());
            return;
        }
        carryOut(finding.action(), source);
        if (finding instanceof CursorFinding.Readable && mistake == HostMistake.NONE) {
            check(source);
        }
    }

    void invalidCursor(SimSource source) {
        carryOut(trackers.get(source.name).invalid(now), source);
    }

    void rewind(SimSource source, long back) {
        LiveCursor cursor = cursors.get(source.name);
        long target = Math.max(cursor.cursor().fetched() - back, range(source).beginning());
        if (target < cursor.cursor().fetched()) {
            Duration age = Duration.between(source.read(target).get(0).time(), now);
            RewindOutcome outcome = cursor.safeRewind(cursor.term(), target, age, REWIND);
            if (outcome instanceof RewindOutcome.Rewound) {
                overtake(inFlight.get(source.name));
                connect(source, false);
            } else if (outcome instanceof RewindOutcome.BelowBase below && mistake == HostMistake.REPLAYS_BELOW_BASE) {
                SourceCursor from = cursor.cursor();
                cursors.put(
                        source.name,
                        LiveCursor.resume(
                                source.name,
                                epoch,
                                new SourceCursor(from.incarnation(), 0, CursorWatermarks.at(target))));
                overtake(inFlight.get(source.name));
            } else if (source.hasState) {
                carryOut(outcome.action(), source);
            }
        }
    }

    private void carryOut(RecoveryAction action, SimSource source) {
        tally.add(
                action instanceof RecoveryAction.FullResync resync
                        ? resync.toString()
                        : action.getClass().getSimpleName());
        LiveCursor cursor = cursors.get(source.name);
        if (action instanceof RecoveryAction.RetryFromCommitted) {
            if (mistake != HostMistake.RETRY_KEEPS_FETCHED) {
                cursor.retryFromCommitted(cursor.term());
            }
            overtake(inFlight.get(source.name));
            connect(source, false);
        } else if (action instanceof RecoveryAction.SafeRewind rewind) {
            cursor.safeRewind(cursor.term(), rewind.target(), Duration.ZERO, REWIND);
            overtake(inFlight.get(source.name));
            connect(source, false);
        } else if (action instanceof RecoveryAction.FullResync) {
            resync(source);
        } else if (action instanceof RecoveryAction.Halt) {
            throw new Violation("no reason for " + action);
        }
    }

    private void resync(SimSource source) {
        if (!source.hasState) {
            throw new Violation("events of '" + source.name + "' are lost");
        }
        SourceRange range = source.range();
        dedup.forget(source.name);
        source.recent(now).forEach(event -> dedup.observe(event.key(), event.time(), now));
        state.put(source.name, source.state(range.end()));
        applied.put(source.name, range.end());
        LiveCursor cursor = cursors.get(source.name);
        cursor.resynced(cursor.term(), range.incarnation(), range.end());
        trackers.get(source.name).valid();
        overtake(inFlight.get(source.name));
    }

    private void overtake(Deque<Batch> batches) {
        overtaken.addAll(batches);
        batches.clear();
    }

    long committed(SimSource source) {
        return cursors.get(source.name).cursor().committed();
    }

    /** Reads everything and compares with the truth. */
    void drain(SimSource source) {
        connect(source, false);
        long end = source.range().end();
        for (int rounds = 0; cursors.get(source.name).cursor().committed() < end; rounds++) {
            if (rounds > 1000) {
                throw new Violation("'" + source.name + "' stands still");
            }
            fetch(source);
            apply(source);
        }
        check(source);
    }

    /** The state holds exactly the events below what was applied, each once. */
    private void check(SimSource source) {
        long[] expected = source.state(applied.get(source.name));
        long[] actual = state.get(source.name);
        if (!Arrays.equals(expected, actual)) {
            throw new Violation("'" + source.name + "' holds " + Arrays.toString(actual) + " instead of "
                    + Arrays.toString(expected));
        }
    }

    private DedupBounds stateBounds() {
        return mistake == HostMistake.DEDUP_TOO_SHORT ? TOO_SHORT : STATE;
    }

    private long nanos() {
        return now.getEpochSecond() * 1_000_000_000L;
    }

    private static Map<String, long[]> copy(Map<String, long[]> from) {
        Map<String, long[]> copy = new HashMap<>();
        from.forEach((name, slots) -> copy.put(name, slots.clone()));
        return copy;
    }

    /** The host lost an event, applied or sent one twice, or cannot tell. */
    static final class Violation extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Violation(String what) {
            super(what);
        }
    }
}
