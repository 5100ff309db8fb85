package dev.cairn.backup.core.lineage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an installation remembers, and what two of them on one repository know of each other. */
class LineageTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final MemoryBlobStore state = new MemoryBlobStore();

    private StateSlot<Long> slot(dev.cairn.backup.spi.BlobStore store) {
        return new StateSlot<>(store, "number", StateSlot.Form.number("value"));
    }

    @Test
    void everythingIsRememberedByTheNextProcess() {
        Lineage first = Lineage.open(state);
        assertTrue(first.isNew());
        first.reached(7);
        first.reached(3);
        first.took(Duration.ofSeconds(2));
        first.ran("nightly", NOW);
        ShutdownReport report = new ShutdownReport(
                ShutdownReport.Outcome.COMPLETE, Optional.of(SnapshotId.of("snap-1")), "", NOW, Duration.ofMillis(5));
        first.shutDown(report);
        Lineage second = Lineage.open(state);
        assertFalse(second.isNew());
        assertEquals(first.id(), second.id());
        assertEquals(OptionalLong.of(7), second.highestVersion());
        assertEquals(Optional.of(Duration.ofSeconds(2)), second.lastDuration());
        assertEquals(Optional.of(NOW), second.lastRun("nightly"));
        assertEquals(Optional.empty(), second.lastRun("other"));
        assertEquals(Optional.of(report), second.lastShutdown());
        assertNotEquals(first.id(), Lineage.open(new MemoryBlobStore()).id());
    }

    @Test
    void theLowestOfVersionsIsAVersion() {
        Lineage lineage = Lineage.open(state);
        lineage.reached(Long.MIN_VALUE + 1);
        assertEquals(OptionalLong.of(Long.MIN_VALUE + 1), lineage.highestVersion());
    }

    @Test
    void twoProcessesThatOpenAnEmptyStateStoreAtOnceAgree() {
        List<String> ids = new ArrayList<>();
        FaultyBlobStore racing = FaultyBlobStore.over(state).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT) {
                ids.add(Lineage.open(state).id());
            }
        });
        assertEquals(Lineage.open(racing).id(), ids.get(0));
    }

    @Test
    void aValueThatIsReplacedWhileItIsReadIsReadAgain() {
        slot(state).set(1L);
        boolean[] once = {false};
        FaultyBlobStore racing = FaultyBlobStore.over(state).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.READ && !once[0]) {
                once[0] = true;
                slot(state).set(2L);
            }
        });
        assertEquals(Optional.of(2L), slot(racing).get());
    }

    @Test
    void aValueThatIsReplacedWhileItIsChangedIsChangedAgain() {
        slot(state).set(1L);
        boolean[] once = {false};
        FaultyBlobStore racing = FaultyBlobStore.over(state).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.READ && !once[0]) {
                once[0] = true;
                slot(state).set(10L);
            }
        });
        slot(racing).update(old -> Optional.of(old.orElseThrow() + 1));
        assertEquals(Optional.of(11L), slot(state).get());
    }

    @Test
    void noUpdateOfManyThreadsIsLost() throws Exception {
        AtomicLong next = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Object>> tasks = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                tasks.add(() -> {
                    for (int i = 0; i < 200; i++) {
                        raise(next.incrementAndGet(), state);
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(Optional.of(800L), slot(state).get());
    }

    /** While one process sleeps before any of its calls, others change the value and remove the number that it is about to put. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aProcessThatSleepsWhileOthersGoOnLosesNothing(int sleepsAt) {
        raise(1, state);
        FaultyBlobStore sleepy = FaultyBlobStore.over(state).onCall(call -> {
            if (call.number() == sleepsAt) {
                for (long value = 2; value <= 5; value++) {
                    raise(value, state);
                }
            }
        });
        raise(100, sleepy);
        assertEquals(Optional.of(100L), slot(state).get());
    }

    private void raise(long value, dev.cairn.backup.spi.BlobStore store) {
        slot(store).update(old -> Optional.of(Math.max(value, old.orElse(0L))));
        assertTrue(slot(state).get().orElseThrow() >= value, "a change that returned is there");
    }

    @Test
    void atEachMomentOfAChangeOneValueStands() {
        for (int call = 1; call < 12; call++) {
            MemoryBlobStore memory = new MemoryBlobStore();
            slot(memory).set(1L);
            try {
                slot(FaultyBlobStore.over(memory).failFrom(call)).set(2L);
            } catch (BackupException expected) {
                // The store went away.
            }
            long value = slot(memory).get().orElseThrow();
            assertTrue(value == 1 || value == 2, "gone away at call " + call);
            slot(memory).set(3L);
            assertEquals(Optional.of(3L), slot(memory).get());
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyBlobStore.Tear.class)
    void aValueWhoseAnswerIsLostIsAnErrorAndMayBeSetAgain(FaultyBlobStore.Tear tear) {
        StateSlot<Long> torn = slot(FaultyBlobStore.over(state).tearAt(1, tear));
        assertThrows(StoreException.class, () -> torn.set(1L));
        torn.set(2L);
        assertEquals(Optional.of(2L), slot(state).get());
    }

    @Test
    void aDamagedValueIsATypedErrorAndNeverAGuess() {
        Lineage.open(state);
        state.damage(state.list("lineage").get(0).name(), new byte[] {'{'});
        StoreException thrown = assertThrows(StoreException.class, () -> Lineage.open(state));
        assertTrue(thrown.getMessage().contains("lineage"), thrown.getMessage());
    }

    @Test
    void twoManagersOfOneLineageShareNumbersListAndRetention() {
        TestHost host = new TestHost();
        SnapshotManager a = host.builder().policy(SnapshotPolicy.defaults()).open();
        SnapshotManager b = host.builder().policy(SnapshotPolicy.defaults()).open();
        for (int i = 0; i < 3; i++) {
            a.create();
            b.create();
        }
        assertEquals(a.list(), b.list());
        assertEquals(6, a.list().size());
        assertEquals(3, b.prune());
        assertEquals(List.of("snap-4", "snap-5", "snap-6"), ids(a));
    }

    @Test
    void twoLineagesOnOneRepositoryNeverPruneOrMeasureEachOther() {
        TestHost host = new TestHost();
        SnapshotManager ours = host.builder().policy(SnapshotPolicy.defaults()).open();
        host.data.file("b", "x".repeat(1000));
        ours.create();
        SnapshotManager theirs = host.elsewhere(new MemoryBlobStore())
                .dataset(FakeDataset.of("data").file("a", "x"))
                .policy(SnapshotPolicy.defaults())
                .open();
        assertTrue(
                theirs.health().warnings().stream().anyMatch(w -> w.contains("other lineages")),
                "a lost state store is an alarm: " + theirs.health().warnings());
        for (int i = 0; i < 5; i++) {
            theirs.create();
        }
        assertEquals(List.of(), theirs.health().suspects(), "a smaller host is not a loss");
        assertEquals(2, theirs.prune());
        assertEquals(List.of("snap-1"), ids(ours));
        assertEquals(List.of("snap-4", "snap-5", "snap-6"), ids(theirs));
        assertEquals(4, ours.listAll().size());
        assertEquals(Optional.empty(), theirs.list().get(0).parent().filter(SnapshotId.of("snap-1")::equals));
        theirs.restore(theirs.plan(RestoreRequest.of(SnapshotId.of("snap-1"))));
    }

    @Test
    void twoManagersThatWriteAtOnceLoseNothing() throws Exception {
        TestHost host = new TestHost();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Object>> tasks = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                SnapshotManager manager = host.elsewhere(host.state)
                        .dataset(FakeDataset.of("data").file("a", "x"))
                        .projectionVersion(System::nanoTime)
                        .open();
                tasks.add(() -> {
                    for (int i = 0; i < 10; i++) {
                        manager.create();
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(20, host.open().list().size());
    }

    private static List<String> ids(SnapshotManager manager) {
        return manager.list().stream().map(snapshot -> snapshot.id().value()).toList();
    }
}
