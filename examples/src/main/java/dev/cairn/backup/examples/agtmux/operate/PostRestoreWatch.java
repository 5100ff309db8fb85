package dev.cairn.backup.examples.agtmux.operate;

import dev.cairn.backup.BackupListener;
import dev.cairn.backup.cursor.HaltReason;
import dev.cairn.backup.cursor.MonitorVerdict;
import dev.cairn.backup.cursor.MonitorWindows;
import dev.cairn.backup.cursor.PostRestoreMonitor;
import dev.cairn.backup.cursor.ResyncReason;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.examples.agtmux.HostTime;
import dev.cairn.backup.examples.agtmux.daemon.IntakeListener;
import dev.cairn.backup.lifecycle.OperationalAlert;
import dev.cairn.backup.lifecycle.SourceHealth;
import dev.cairn.backup.lifecycle.SourceState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells what goes wrong with the sources, and after a restore whether they are read as they should be. Thread-safe. */
public final class PostRestoreWatch implements IntakeListener {

    private final BackupListener alerts;
    private final HostTime time;
    private final MonitorWindows windows;
    private final Deque<Instant> resyncs = new ArrayDeque<>();
    private final Map<String, Instant> toldInactive = new HashMap<>();
    private @Nullable PostRestoreMonitor monitor;
    private @Nullable SnapshotCut watched;

    /** @param alerts told what is worth telling */
    public PostRestoreWatch(BackupListener alerts, HostTime time, MonitorWindows windows) {
        this.alerts = alerts;
        this.time = time;
        this.windows = windows;
    }

    /** A restore is done; the host resumes with that cut. */
    public synchronized void begin(SnapshotCut resumed) {
        watched = resumed;
        monitor = PostRestoreMonitor.after(resumed, time.now(), windows);
        resyncs.clear();
    }

    /** What can be said by now; empty before the first restore. */
    public synchronized Optional<MonitorVerdict> verdict() {
        return Optional.ofNullable(monitor).map(watching -> watching.verdict(time.now()));
    }

    private synchronized void watch(String source, Consumer<PostRestoreMonitor> what) {
        if (monitor != null && watched != null && watched.cursor(source).isPresent()) {
            what.accept(monitor);
        }
    }

    @Override
    public void committed(String source, long position, long end) {
        watch(source, watching -> watching.committed(source, position, end, time.now()));
    }

    @Override
    public void invalid(String source) {
        watch(source, watching -> watching.invalidCursor(source, time.now()));
    }

    @Override
    public void rewound(String source, long to) {
        alerts.onEvent(OperationalAlert.cursorRewound(time.now(), source, to));
    }

    @Override
    public void resynced(String source, long position, ResyncReason reason) {
        Instant now = time.now();
        alerts.onEvent(OperationalAlert.cursorResynced(
                now, source, counted(now), reason + ", its own state is of position " + position));
        watch(source, watching -> watching.resynced(source, position, now));
    }

    /** How many resyncs there were within the longest watch, this one counted. */
    private synchronized int counted(Instant now) {
        resyncs.add(now);
        resyncs.removeIf(at -> at.isBefore(now.minus(windows.degraded())));
        return resyncs.size();
    }

    @Override
    public void halted(String source, HaltReason reason) {
        alerts.onEvent(new SourceHalted(time.now(), source, reason));
        watch(source, watching -> watching.inactive(source, time.now()));
    }

    @Override
    public void changed(SourceHealth health) {
        String source = health.source();
        if (health.state() == SourceState.ACTIVE) {
            watch(source, watching -> watching.active(source, time.now()));
        } else if (health.state() != SourceState.PENDING
                && isNews(health)) { // Pending is on its way, unless it stays so.
            alerts.onEvent(OperationalAlert.sourceNotActive(time.now(), health));
            watch(source, watching -> watching.inactive(source, time.now()));
        }
    }

    /**
     * Looks for sources that have not been active for longer than a quiet time, as one that has not come back after a restore; each is told once.
     *
     * @param sources tells how they stand; asked while no change is noted here, because one that has become active since would be taken for inactive, and never be told as active again
     */
    public synchronized void look(Supplier<List<SourceHealth>> sources) {
        for (SourceHealth health : sources.get()) {
            boolean hangs = health.state() != SourceState.ACTIVE
                    && health.lasting(time.now()).compareTo(windows.quiet()) >= 0;
            if (hangs && isNews(health)) {
                alerts.onEvent(OperationalAlert.sourceNotActive(time.now(), health));
                watch(health.source(), watching -> watching.inactive(health.source(), time.now()));
            }
        }
    }

    private synchronized boolean isNews(SourceHealth health) {
        return !health.since().equals(toldInactive.put(health.source(), health.since()));
    }
}
