package dev.cairn.backup.examples.agtmux.daemon;

import dev.cairn.backup.cursor.CursorFinding;
import dev.cairn.backup.cursor.HaltReason;
import dev.cairn.backup.cursor.InvalidCursorTracker;
import dev.cairn.backup.cursor.LiveCursor;
import dev.cairn.backup.cursor.ReadTerm;
import dev.cairn.backup.cursor.RecoveryAction;
import dev.cairn.backup.cursor.RewindOutcome;
import dev.cairn.backup.cursor.Sighting;
import dev.cairn.backup.cursor.SourceRange;
import dev.cairn.backup.cursor.StaleEpochException;
import dev.cairn.backup.cursor.StaleReadException;
import dev.cairn.backup.examples.agtmux.HostTime;
import dev.cairn.backup.examples.agtmux.source.EventSource;
import dev.cairn.backup.examples.agtmux.source.OwnState;
import dev.cairn.backup.examples.agtmux.source.Reading;
import dev.cairn.backup.examples.agtmux.source.SourceEvent;
import dev.cairn.backup.examples.agtmux.source.SourceView;
import dev.cairn.backup.examples.agtmux.state.Applied;
import dev.cairn.backup.examples.agtmux.state.Projection;
import dev.cairn.backup.lifecycle.SourceSignal;
import dev.cairn.backup.lifecycle.SourceState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One source on its way into the projection: fetched page by page by one thread, applied by another. What is between the two is in flight, and dropped whenever the cursor goes back. */
final class Feed {

    /** How many events are fetched at a time. */
    static final int PAGE = 100;

    private static final int MOST_IN_FLIGHT = 8;

    /**
     * Events in flight.
     *
     * @param term what they were fetched under
     * @param events the events
     * @param next the position behind them
     * @param end the source's end then
     */
    private record Page(ReadTerm term, List<SourceEvent> events, long next, long end) {}

    private final EventSource source;
    private final Projection projection;
    private final HostTime time;
    private final IntakeListener told;
    private final InvalidCursorTracker streak = InvalidCursorTracker.start();
    private final Queue<Page> inFlight = new ConcurrentLinkedQueue<>();
    private final AtomicInteger drops = new AtomicInteger();
    private volatile @Nullable LiveCursor cursor;
    private volatile boolean connected;
    private volatile boolean halted;

    Feed(EventSource source, Projection projection, HostTime time, IntakeListener told) {
        this.source = source;
        this.projection = projection;
        this.time = time;
        this.told = told;
    }

    String name() {
        return source.name();
    }

    /** How many events are fetched and not applied. */
    long inFlight() {
        return inFlight.stream().mapToLong(page -> page.events().size()).sum();
    }

    boolean isHalted() {
        return halted;
    }

    /** Drops what is in flight; the next fetch asks the source who it is. */
    void drop() {
        synchronized (drops) {
            drops.incrementAndGet();
            inFlight.clear();
            connected = false;
        }
    }

    /** An operator's decision: read on, beginning with the source's hello. */
    void revive() {
        halted = false;
        drop();
    }

    /** Fetches a page if there is room; answers whether anything happened. */
    boolean fetch() {
        if (halted
                || inFlight.size() >= MOST_IN_FLIGHT
                || projection.health(name()).state() == SourceState.REVOKED) {
            return false;
        }
        int known = drops.get();
        try {
            LiveCursor reading = connected ? cursor : connect();
            if (reading == null) {
                return false;
            }
            return fetch(reading, known);
        } catch (IOException e) {
            connected = false;
            signal(SourceSignal.LAPSED);
            return false;
        } catch (StaleReadException | StaleEpochException e) {
            drop();
            return true;
        }
    }

    private boolean fetch(LiveCursor reading, int known) throws IOException {
        ReadTerm term = reading.term();
        long from = reading.cursor().fetched();
        Reading answer = source.read(from, PAGE);
        SourceState state = projection.health(name()).state();
        if (state == SourceState.REVOKED) {
            return false; // Since it was asked.
        }
        if (answer instanceof Reading.Page page) {
            if (state == SourceState.PENDING) {
                signal(SourceSignal.CONFIRMED);
            }
            if (page.events().isEmpty()) {
                told.committed(name(), reading.cursor().committed(), page.end());
                return false;
            }
            long next = from + page.events().size();
            take(reading, known, new Page(term, page.events(), next, page.end()));
            return true;
        }
        invalid(reading, term);
        return true;
    }

    /** What was dropped since the source was asked is missing before this page, so that it must go with it. */
    private void take(LiveCursor reading, int known, Page page) {
        synchronized (drops) {
            if (drops.get() == known) {
                reading.advanceFetched(page.term(), page.next());
                inFlight.add(page);
            }
        }
    }

    /** After every connection the cursor is compared with the source, less what was ever acknowledged. */
    private @Nullable LiveCursor connect() throws IOException {
        SourceRange range = source.hello();
        signal(SourceSignal.HELLO);
        LiveCursor found = projection.cursor(name(), range.incarnation());
        cursor = found;
        long acknowledged = projection.acknowledged(name(), range.incarnation());
        if (acknowledged > range.end()) {
            halt(HaltReason.SOURCE_LOST_APPLIED_EVENTS);
            return null;
        }
        connected = true;
        CursorFinding finding = CursorFinding.of(found.cursor(), range.acknowledged(acknowledged));
        inFlight.clear();
        carryOut(finding.action(), found, projection.retryFromCommitted(found, found.term()));
        return halted ? null : found;
    }

    private void invalid(LiveCursor reading, ReadTerm term) throws IOException {
        told.invalid(name());
        carryOut(streak.invalid(time.now()), reading, term);
    }

    /** Applies one page; answers whether there was one. Pages of an ended term are still in the queue when the cursor goes back, and refused here. */
    synchronized boolean apply() {
        Page page = inFlight.poll();
        LiveCursor reading = cursor;
        if (page == null || reading == null) {
            return false;
        }
        try {
            Applied applied = projection.apply(reading, page.term(), page.events(), page.next());
            if (applied.refused().isPresent()) {
                refused(applied.refused().get(), reading, page.term());
            } else {
                streak.valid();
                told.committed(name(), applied.committed(), page.end());
            }
        } catch (StaleReadException | StaleEpochException e) {
            return true; // Fetched before the cursor went back; the events come again.
        } catch (IOException e) {
            drop();
        }
        return true;
    }

    private void refused(Sighting sighting, LiveCursor reading, ReadTerm term) throws IOException {
        if (sighting == Sighting.FULL) {
            halt(HaltReason.DEDUP_FULL);
        } else {
            invalid(reading, term); // Older than anybody remembers: nobody can tell whether it was applied.
        }
    }

    /** Goes back to a position at an operator's wish, or reads the source anew if that is too far. */
    RewindOutcome rewind(long target) throws IOException {
        LiveCursor reading = cursor == null ? connect() : cursor;
        if (reading == null) {
            throw new IOException("source '" + name() + "' is halted");
        }
        return rewind(target, age(target), reading, reading.term());
    }

    private Duration age(long target) throws IOException {
        if (source.read(target, 1) instanceof Reading.Page page
                && !page.events().isEmpty()) {
            return Duration.between(page.events().get(0).at(), time.now());
        }
        return Duration.ZERO;
    }

    private RewindOutcome rewind(long target, Duration age, LiveCursor reading, ReadTerm term) throws IOException {
        RewindOutcome outcome = projection.rewind(reading, term, target, age);
        if (outcome instanceof RewindOutcome.Rewound) {
            connected = false;
            told.rewound(name(), reading.cursor().committed());
        } else {
            carryOut(outcome.action(), reading, term);
        }
        return outcome;
    }

    private void carryOut(RecoveryAction action, LiveCursor reading, ReadTerm term) throws IOException {
        if (action instanceof RecoveryAction.RetryFromCommitted) {
            projection.retryFromCommitted(reading, term);
            connected = false; // After every retry and rewind the cursor is compared with the source.
            told.rewound(name(), reading.cursor().committed());
        } else if (action instanceof RecoveryAction.SafeRewind back) {
            rewind(back.target(), Duration.ZERO, reading, term);
        } else if (action instanceof RecoveryAction.FullResync resync) {
            resync(resync, reading, term);
        } else if (action instanceof RecoveryAction.Halt halt) {
            halt(halt.reason());
        }
    }

    /** From zero where the source still has all its events, else from its own state. */
    private void resync(RecoveryAction.FullResync resync, LiveCursor reading, ReadTerm term) throws IOException {
        SourceRange range = source.hello();
        boolean fromZero = range.beginning() == 0 && projection.acknowledged(name(), range.incarnation()) == 0;
        OwnState from = fromZero ? new OwnState(range.incarnation(), 0, SourceView.empty()) : source.state();
        projection.resync(reading, term, from.incarnation(), from.view(), from.position());
        streak.valid();
        told.resynced(name(), from.position(), resync.reason());
    }

    private void halt(HaltReason reason) {
        halted = true;
        inFlight.clear();
        told.halted(name(), reason);
    }

    private void signal(SourceSignal signal) {
        projection.saw(name(), signal).ifPresent(told::changed);
    }
}
