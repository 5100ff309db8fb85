package dev.cairn.backup.core.lineage;

import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What this installation remembers, in its state store. Thread-safe; every change is durable when its method returns. */
public final class Lineage {

    private final String id;
    private final boolean isNew;
    private final StateSlot<Version> version;
    private final StateSlot<Shutdown> shutdown;
    private final StateSlot<Restored> restored;
    private final StateSlot<Pace> pace;
    private final BlobStore state;

    /** Who this installation is. */
    record Identity(String lineage, String since) {}

    /** The highest version ever reached. */
    record Version(long highest) {}

    /** How the last shutdown ended. */
    record Shutdown(String outcome, @Nullable String snapshot, String detail, String at, long elapsedMillis) {}

    /** How long the last snapshot of everything took. */
    record Pace(long elapsedMillis, long bytes) {}

    /** The newest sequence number when a restore last ended. */
    record Restored(long sequence) {}

    /** When a schedule last ran. */
    record LastRun(String at) {}

    private Lineage(BlobStore state, String id, boolean isNew) {
        this.state = state;
        this.id = id;
        this.isNew = isNew;
        this.version = new StateSlot<>(state, "version", Version.class);
        this.shutdown = new StateSlot<>(state, "shutdown", Shutdown.class);
        this.restored = new StateSlot<>(state, "restored", Restored.class);
        this.pace = new StateSlot<>(state, "pace", Pace.class);
    }

    /** The lineage that the state store remembers, or a new one. */
    public static Lineage open(BlobStore state, Instant now) {
        StateSlot<Identity> identity = new StateSlot<>(state, "lineage", Identity.class);
        boolean isNew = identity.get().isEmpty();
        String fresh = UUID.randomUUID().toString();
        Identity agreed = isNew
                ? identity.update(old -> old.or(() -> Optional.of(new Identity(fresh, now.toString()))))
                : identity.get().orElseThrow();
        return new Lineage(state, agreed.lineage(), isNew);
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
        return version.get().map(known -> OptionalLong.of(known.highest())).orElse(OptionalLong.empty());
    }

    /** Remembers that the host has reached a version. */
    public void reached(long hostVersion) {
        if (highestVersion().orElse(Long.MIN_VALUE) < hostVersion) {
            version.update(old -> Optional.of(
                    new Version(Math.max(hostVersion, old.map(Version::highest).orElse(Long.MIN_VALUE)))));
        }
    }

    /** How the last shutdown ended. */
    public Optional<ShutdownReport> lastShutdown() {
        return shutdown.get()
                .map(known -> new ShutdownReport(
                        ShutdownReport.Outcome.valueOf(known.outcome()),
                        Optional.ofNullable(known.snapshot()).map(SnapshotId::of),
                        known.detail(),
                        Instant.parse(known.at()),
                        Duration.ofMillis(known.elapsedMillis())));
    }

    /** Remembers how a shutdown ended. */
    public void shutDown(ShutdownReport report) {
        shutdown.set(new Shutdown(
                report.outcome().name(),
                report.snapshot().map(SnapshotId::value).orElse(null),
                report.detail(),
                report.at().toString(),
                report.elapsed().toMillis()));
    }

    /** How long the last snapshot of all datasets took. */
    public Optional<Duration> lastDuration() {
        return pace.get().map(known -> Duration.ofMillis(known.elapsedMillis()));
    }

    /** Remembers how long a snapshot of all datasets took. */
    public void took(Duration elapsed, long bytes) {
        pace.set(new Pace(elapsed.toMillis(), bytes));
    }

    /** The newest sequence number when a restore last ended; 0 if none ever did. What is newer was taken of restored data. */
    public long lastRestoreAfter() {
        return restored.get().map(Restored::sequence).orElse(0L);
    }

    /** Remembers that a restore has ended. */
    public void restoredAfter(long sequence) {
        restored.set(new Restored(sequence));
    }

    /** When the schedule last ran, in whichever process. */
    public Optional<Instant> lastRun(String schedule) {
        return lastRunSlot(schedule).get().map(known -> Instant.parse(known.at()));
    }

    /** Remembers that a schedule ran. */
    public void ran(String schedule, Instant at) {
        lastRunSlot(schedule).set(new LastRun(at.toString()));
    }

    private StateSlot<LastRun> lastRunSlot(String schedule) {
        return new StateSlot<>(state, "schedules/" + schedule, LastRun.class);
    }
}
