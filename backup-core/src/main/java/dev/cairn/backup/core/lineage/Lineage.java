package dev.cairn.backup.core.lineage;

import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.spi.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What this installation remembers, in its state store. Thread-safe; every change is durable when its method returns. */
public final class Lineage {

    /** Budgets of shutdowns are seconds. */
    private static final long NO_NEWS_MILLIS = 50;

    private final String id;
    private final boolean isNew;
    private final StateSlot<Long> version;
    private final StateSlot<ShutdownReport> shutdown;
    private final StateSlot<Long> restored;
    private final StateSlot<Long> pace;
    private final BlobStore state;

    private Lineage(BlobStore state, String id, boolean isNew) {
        this.state = state;
        this.id = id;
        this.isNew = isNew;
        this.version = new StateSlot<>(state, "version", StateSlot.Form.number("highest"));
        this.shutdown = new StateSlot<>(state, "shutdown", new ShutdownForm());
        this.restored = new StateSlot<>(state, "restored", StateSlot.Form.number("sequence"));
        this.pace = new StateSlot<>(state, "pace", StateSlot.Form.number("elapsedMillis"));
    }

    /** The id of the lineage that a state store belongs to; empty if none has begun. Writes nothing. */
    public static Optional<String> known(BlobStore state) {
        return new StateSlot<>(state, "lineage", StateSlot.Form.text("lineage")).get();
    }

    /** The lineage that the state store remembers, or a new one. */
    public static Lineage open(BlobStore state) {
        StateSlot<String> identity = new StateSlot<>(state, "lineage", StateSlot.Form.text("lineage"));
        Optional<String> known = identity.get();
        String fresh = UUID.randomUUID().toString();
        String agreed = known.orElseGet(() -> identity.update(old -> old.or(() -> Optional.of(fresh))));
        return new Lineage(state, agreed, known.isEmpty());
    }

    /** The lineage's id. */
    public String id() {
        return id;
    }

    /** Whether the state store was empty, so that the lineage began now. */
    public boolean isNew() {
        return isNew;
    }

    /** The highest version ever reached, if any was. */
    public OptionalLong highestVersion() {
        return version.get().map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** Remembers that the host has reached a version. */
    public void reached(long hostVersion) {
        if (highestVersion().orElse(Long.MIN_VALUE) < hostVersion) {
            version.update(old -> Optional.of(Math.max(hostVersion, old.orElse(Long.MIN_VALUE))));
        }
    }

    /** How the last shutdown ended. */
    public Optional<ShutdownReport> lastShutdown() {
        return shutdown.get();
    }

    /** Remembers how a shutdown ended. */
    public void shutDown(ShutdownReport report) {
        shutdown.set(report);
    }

    /** How long the last snapshot of all datasets took. */
    public Optional<Duration> lastDuration() {
        return pace.get().map(Duration::ofMillis);
    }

    /** Remembers how long a snapshot of all datasets took. What is hardly shorter than what is remembered is not put, because each put forces the disk. */
    public void took(Duration elapsed) {
        long now = elapsed.toMillis();
        long known = pace.get().orElse(-1L);
        if (now > known || known - now > Math.max(NO_NEWS_MILLIS, known / 8)) {
            pace.set(now);
        }
    }

    /** The newest sequence number when a restore last ended; 0 if none ever did. What is newer was taken of restored data. */
    public long lastRestoreAfter() {
        return restored.get().orElse(0L);
    }

    /** Remembers that a restore has ended. */
    public void restoredAfter(long sequence) {
        restored.set(sequence);
    }

    /** When the schedule last ran, in whichever process. */
    public Optional<Instant> lastRun(String schedule) {
        return lastRunSlot(schedule).get().map(Instant::parse);
    }

    /** Remembers that a schedule ran. */
    public void ran(String schedule, Instant at) {
        lastRunSlot(schedule).set(at.toString());
    }

    private StateSlot<String> lastRunSlot(String schedule) {
        return new StateSlot<>(state, "schedules/" + schedule, StateSlot.Form.text("at"));
    }
}
