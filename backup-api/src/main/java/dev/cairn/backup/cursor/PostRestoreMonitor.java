package dev.cairn.backup.cursor;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.cursor.MonitorVerdict.Reason;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches a restored host until it can be said whether it reads its sources as it should. A source passes when its committed position has
 * advanced or has reached the source's end, when there was no invalid cursor for 60 seconds, and when it is active. The watch lasts 60
 * seconds, 5 minutes from a full resync, and 15 minutes from the restore once two resyncs were needed, a source became inactive, or a
 * source has not passed when the watch would have ended.
 *
 * <p>Fed with what happens, in the order of time; an instant before the one given last counts as that one. The verdict is given once:
 * after it nothing that is fed changes it. Thread-safe.
 */
public final class PostRestoreMonitor {

    private final MonitorWindows windows;
    private final Instant restoredAt;
    private final Map<String, WatchedSource> sources = new TreeMap<>();
    private Instant until;
    private Instant present;
    private int resyncs;
    private boolean degraded;
    private @Nullable MonitorVerdict verdict;

    private PostRestoreMonitor(SnapshotCut resumed, Instant restoredAt, MonitorWindows windows) {
        this.windows = windows;
        this.restoredAt = restoredAt;
        this.present = restoredAt;
        this.until = restoredAt.plus(windows.quiet());
        resumed.cursors().forEach((name, cursor) -> sources.put(name, new WatchedSource(cursor.committed())));
    }

    /**
     * Begins the watch. No source counts as active before it is reported so.
     *
     * @param resumed the cut that the host resumed with; its sources are watched
     * @param restoredAt when it resumed
     * @param windows how long to watch
     */
    public static PostRestoreMonitor after(SnapshotCut resumed, Instant restoredAt, MonitorWindows windows) {
        return new PostRestoreMonitor(resumed, restoredAt, windows);
    }

    /**
     * A source's events were committed, or its end was asked for.
     *
     * @param position the committed position
     * @param end the source's end, at which the cursor has caught up
     */
    public synchronized void committed(String source, long position, long end, Instant at) {
        WatchedSource watched = watched(source);
        if (goesOnAt(at)) {
            watched.committed(position, end);
        }
    }

    /** A source called the cursor invalid. */
    public synchronized void invalidCursor(String source, Instant at) {
        WatchedSource watched = watched(source);
        if (goesOnAt(at)) {
            watched.invalid(present);
        }
    }

    /**
     * A source was fully resynchronized.
     *
     * @param position where its cursor begins now
     */
    public synchronized void resynced(String source, long position, Instant at) {
        WatchedSource watched = watched(source);
        if (goesOnAt(at)) {
            watched.resynced(position);
            resyncs++;
            watchUntil(present.plus(windows.afterResync()));
            if (resyncs > 1) {
                degrade();
            }
        }
    }

    /** A source is active. */
    public synchronized void active(String source, Instant at) {
        WatchedSource watched = watched(source);
        if (goesOnAt(at)) {
            watched.active(true);
        }
    }

    /** A source is stale, pending, revoked: anything but active. */
    public synchronized void inactive(String source, Instant at) {
        WatchedSource watched = watched(source);
        if (goesOnAt(at)) {
            watched.active(false);
            degrade();
        }
    }

    /** The verdict at an instant: {@link MonitorVerdict.Watching} until the watch has ended, from then on the final one. */
    public synchronized MonitorVerdict verdict(Instant now) {
        if (goesOnAt(now)) {
            return new MonitorVerdict.Watching(until, severity(), reasons(present));
        }
        return Objects.requireNonNull(verdict);
    }

    /** Moves to an instant and ends the watch if that lies behind its end. */
    private boolean goesOnAt(Instant at) {
        present = later(present, at);
        while (verdict == null && !present.isBefore(until)) {
            Map<String, Set<Reason>> reasons = reasons(until);
            if (reasons.isEmpty()) {
                verdict = new MonitorVerdict.Passed(until, List.copyOf(sources.keySet()));
            } else if (!degrade()) {
                verdict = new MonitorVerdict.Failed(until, reasons);
            }
        }
        return verdict == null;
    }

    /** @return whether the watch lasts longer for it */
    private boolean degrade() {
        degraded = true;
        return watchUntil(restoredAt.plus(windows.degraded()));
    }

    private boolean watchUntil(Instant later) {
        boolean grows = later.isAfter(until);
        until = later(until, later);
        return grows;
    }

    private AlertSeverity severity() {
        if (degraded) {
            return AlertSeverity.DEGRADED;
        }
        return resyncs > 0 ? AlertSeverity.WARN : AlertSeverity.INFO;
    }

    private Map<String, Set<Reason>> reasons(Instant at) {
        Map<String, Set<Reason>> reasons = new TreeMap<>();
        sources.forEach((name, source) -> {
            Set<Reason> wrong = source.reasons(at, windows.quiet());
            if (!wrong.isEmpty()) {
                reasons.put(name, Collections.unmodifiableSet(wrong));
            }
        });
        return reasons;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private WatchedSource watched(String source) {
        WatchedSource watched = sources.get(source);
        if (watched == null) {
            throw new InvalidValueException("source", source, "one of the cut: " + sources.keySet());
        }
        return watched;
    }
}
