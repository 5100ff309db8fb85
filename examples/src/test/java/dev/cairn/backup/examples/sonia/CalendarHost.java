package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import dev.cairn.backup.examples.sonia.memory.MemoryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The memory service's backups in this process, under a clock that a test sets; its schedules run when the test says so. */
final class CalendarHost implements AutoCloseable {

    static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    private final AtomicReference<Instant> now;
    private final MemoryDatabase memory;
    private final SnapshotManager manager;

    private CalendarHost(AtomicReference<Instant> now, MemoryDatabase memory, SnapshotManager manager) {
        this.now = now;
        this.memory = memory;
        this.manager = manager;
    }

    static CalendarHost start(SoniaPlace place, Instant at) {
        AtomicReference<Instant> now = new AtomicReference<>(at);
        MemoryDatabase memory = new MemoryDatabase(place.database());
        memory.open();
        PackedRepository repository = place.repository();
        SnapshotManager manager = new MemoryBackups(place, now::get)
                .configured(repository, memory, ZONE)
                .ticker(() ->
                        System.nanoTime() + Duration.between(at, now.get()).toNanos())
                .schedulesRunByHost()
                .open();
        return new CalendarHost(now, memory, manager);
    }

    SnapshotManager manager() {
        return manager;
    }

    Instant now() {
        return now.get();
    }

    /** Sets the clock, and runs what is due. */
    List<SnapshotMetadata> runAt(Instant at) {
        now.set(at);
        return manager.runIfDue();
    }

    /** The next 02:00 where the machine is. */
    Instant nextTwoOClock() {
        ZonedDateTime local = now.get().atZone(ZONE);
        ZonedDateTime two = local.toLocalDate().atTime(LocalTime.of(2, 0)).atZone(ZONE);
        return (two.toInstant().isAfter(now.get())
                        ? two
                        : local.toLocalDate().plusDays(1).atTime(2, 0).atZone(ZONE))
                .toInstant();
    }

    /** Time passes and nothing runs. */
    void wait(Duration passed) {
        now.updateAndGet(at -> at.plus(passed));
    }

    List<SnapshotMetadata> nextNight() {
        return runAt(nextTwoOClock());
    }

    SnapshotMetadata manual() {
        return manager.create(SnapshotRequest.of().label(MemoryBackups.MANUAL)).metadata();
    }

    @Override
    public void close() {
        manager.close();
        memory.close();
    }
}
