package dev.cairn.backup.core.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.ScratchSpace;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A host with a disk and a value in memory, and beside it what is known of each snapshot from the outside: its content, and whether somebody pinned it. Everything that the manager answers is compared with
 * that.
 */
final class OperationsModel implements AutoCloseable {

    /** What may be done. */
    enum Action {
        WRITE,
        CREATE,
        CREATE_AND_WRITE,
        RESTORE,
        ROLLBACK,
        PIN,
        UNPIN,
        PRUNE,
        VERIFY,
        PLAN,
        DRILL,
        REOPEN
    }

    /** One thing that is done, to the snapshot that the number chooses. */
    record Step(Action action, int number) {}

    /** All that the host holds. */
    record World(Map<String, String> disk, String memory) {}

    private static final int KEPT = 3;

    private final TestHost host = new TestHost();
    private final FakeDataset disk = host.data.location(new Location(URI.create("file:///data"), ""));
    private final Room room = new Room();
    private final Map<SnapshotId, World> known = new HashMap<>();
    private final Set<SnapshotId> pinned = new HashSet<>();
    private String memory = "memory 0";
    private int writes;
    private long epoch;
    private @Nullable RestoreReport lastRestore;
    private SnapshotManager backups;

    OperationsModel() {
        backups = open();
        epoch = backups.epoch().number();
    }

    private SnapshotManager open() {
        return host.builder()
                .dataset(StateDataset.of(
                        "memory",
                        JsonCodec.of(new ObjectMapper(), String.class),
                        () -> memory,
                        value -> memory = value))
                .scratch(room)
                .manualRetention(Retention.keepLast(KEPT))
                .maxAge(Duration.ofDays(365))
                .open();
    }

    private World world() {
        return new World(new TreeMap<>(disk.disk().files()), memory);
    }

    void take(Step step) {
        host.clock.advance(Duration.ofMinutes(1));
        switch (step.action()) {
            case WRITE -> write();
            case CREATE -> create();
            case CREATE_AND_WRITE -> {
                create();
                write();
            }
            case RESTORE -> chosen(step).ifPresent(this::restore);
            case ROLLBACK -> rollback();
            case PIN ->
                chosen(step).ifPresent(id -> {
                    backups.pin(id, "a test");
                    pinned.add(id);
                });
            case UNPIN ->
                chosen(step).ifPresent(id -> {
                    backups.unpin(id);
                    pinned.remove(id);
                });
            case PRUNE -> prune();
            case VERIFY ->
                chosen(step).ifPresent(id -> assertTrue(backups.verify(id).passed()));
            case PLAN ->
                chosen(step)
                        .ifPresent(id ->
                                assertTrue(backups.plan(RestoreRequest.of(id)).permitsRestore()));
            case DRILL -> drill(step);
            case REOPEN -> {
                backups.close();
                backups = open();
                assertTrue(
                        backups.epoch().number() >= epoch, "a new process may begin a new epoch, and none goes back");
                epoch = backups.epoch().number();
            }
        }
    }

    private void write() {
        writes++;
        disk.file("a", "write " + writes).file("file " + writes % 3, "x");
        memory = "memory " + writes;
    }

    private void create() {
        World before = world();
        known.put(backups.create().id(), before);
    }

    private Optional<SnapshotId> chosen(Step step) {
        List<SnapshotMetadata> listed = backups.list();
        return listed.isEmpty()
                ? Optional.empty()
                : Optional.of(listed.get(step.number() % listed.size()).id());
    }

    private void restore(SnapshotId id) {
        World before = world();
        RestoreReport report = backups.restore(backups.plan(RestoreRequest.of(id)));
        assertEquals(known.get(id), world(), "all new");
        restored(report, before);
    }

    private void rollback() {
        RestoreReport last = lastRestore;
        if (last == null) {
            return;
        }
        SnapshotId safety = last.safetySnapshot().orElseThrow();
        World before = world();
        try {
            RestoreReport report = backups.rollback(last);
            assertEquals(known.get(safety), world(), "all as it was before the restore");
            restored(report, before);
        } catch (SnapshotNotFoundException | RestoreRefusedException e) {
            assertEquals(before, world(), "all old");
            assertFalse(listed().contains(safety), "a safety snapshot that is there can be gone back to");
        }
    }

    private void restored(RestoreReport report, World before) {
        report.safetySnapshot().ifPresent(safety -> known.put(safety, before));
        assertTrue(backups.epoch().number() > epoch, "every restore begins a new epoch");
        epoch = backups.epoch().number();
        lastRestore = report;
    }

    private void prune() {
        List<SnapshotMetadata> before = backups.list();
        List<SnapshotId> safeties = before.stream()
                .filter(metadata -> metadata.safetyFor().isPresent())
                .map(SnapshotMetadata::id)
                .toList();
        int removed = backups.prune();
        Set<SnapshotId> left = listed();
        assertEquals(before.size() - removed, left.size());
        assertTrue(left.containsAll(pinned), () -> pinned + " are pinned, left are " + left);
        List<SnapshotId> plain = before.stream()
                .map(SnapshotMetadata::id)
                .filter(id -> !safeties.contains(id))
                .toList();
        List<SnapshotId> newest = plain.subList(Math.max(0, plain.size() - KEPT), plain.size());
        assertTrue(left.containsAll(newest), () -> newest + " are kept by rule, left are " + left);
    }

    private void drill(Step step) {
        World before = world();
        boolean any = backups.list().stream().anyMatch(metadata -> isGood(metadata.id()));
        DrillRequest latest = DrillRequest.latest().objectives(Duration.ofDays(365), Duration.ofMinutes(10));
        DrillReport report = backups.drill((step.number() % 2 == 0 ? latest : latest.withControl())
                .check("content", Duration.ofMinutes(1), place -> {
                    World expected = known.get(place.snapshot().id());
                    return expected != null && expected.memory().equals(place.value("memory", String.class));
                }));
        assertEquals(any, report.passed(), report::toString);
        assertEquals(before, world(), "a drill touches nothing that lives");
        assertEquals(report, backups.lastDrill().orElseThrow());
        report.snapshot().ifPresent(id -> assertNotEquals(Optional.empty(), backups.lastRestoreTested(id)));
    }

    private boolean isGood(SnapshotId id) {
        return new Kept(backups.get(id), BrowsableRepository.at(host.blobs).marks(id)).isGood();
    }

    private Set<SnapshotId> listed() {
        Set<SnapshotId> ids = new HashSet<>();
        backups.list().forEach(metadata -> ids.add(metadata.id()));
        return ids;
    }

    /** What must hold whatever was done. */
    void check() {
        for (SnapshotMetadata metadata : backups.list()) {
            World stored = known.get(metadata.id());
            assertNotEquals(null, stored, () -> metadata.id() + " was listed and nobody took it");
            assertTrue(backups.verify(metadata.id()).passed(), () -> metadata.id() + " is damaged");
            assertEquals(
                    stored.memory().equals(memory)
                            && stored.disk().equals(disk.disk().files()),
                    changes(metadata.id()) == 0,
                    () -> "the plan of " + metadata.id() + " says " + changes(metadata.id()));
        }
        assertTrue(disk.disk().nothingStaged(), "staging is left");
        assertEquals(0, room.held, "scratch is left");
        assertEquals(epoch, backups.epoch().number());
        BrowsableRepository repository = BrowsableRepository.at(host.blobs);
        for (SnapshotId id : listed()) {
            for (Mark mark : repository.marks(id)) {
                assertFalse(
                        mark.kind() == Mark.Kind.PINNED
                                && (mark.holder().startsWith("drill")
                                        || mark.holder().startsWith("restore")),
                        () -> id + " stays pinned by " + mark.holder());
                assertNotEquals(Mark.Kind.SUSPECT, mark.kind(), () -> id + " is suspect: " + mark.reason());
            }
        }
        assertTrue(backups.listInvalid().isEmpty());
    }

    private long changes(SnapshotId id) {
        return backups.plan(RestoreRequest.of(id)).datasets().stream()
                .mapToLong(plan -> plan.create() + plan.replace() + plan.remove())
                .sum();
    }

    @Override
    public void close() {
        backups.close();
        try {
            backups.create();
            throw new AssertionError("a closed manager took a snapshot");
        } catch (BackupBusyException e) {
            assertTrue(e.getMessage().contains("closed"));
        }
    }

    /** Scratch room on no disk: fake datasets need none. */
    private static final class Room implements ScratchSpace {

        private int held;

        @Override
        public ScratchFile reserve(String label, long expectedBytes) {
            held++;
            return new ScratchFile() {
                @Override
                public Path path() {
                    return Path.of("never-made", label);
                }

                @Override
                public void close() {
                    held--;
                }
            };
        }

        @Override
        public void clean() {
            // Nothing is ever made.
        }
    }
}
