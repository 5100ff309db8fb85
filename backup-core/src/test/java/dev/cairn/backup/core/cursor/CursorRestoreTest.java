package dev.cairn.backup.core.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.Codec;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.cursor.EventKey;
import dev.cairn.backup.cursor.LiveCursor;
import dev.cairn.backup.cursor.SeenEvent;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.cursor.SourceSightings;
import dev.cairn.backup.cursor.StaleEpochException;
import dev.cairn.backup.cursor.StateDedup;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A host whose cursors go into its snapshots and come back with them. */
class CursorRestoreTest {

    private static final StateDedup SEEN = new StateDedup(Map.of(
            "source",
            new SourceSightings(
                    Instant.EPOCH,
                    List.of(new SeenEvent(new EventKey("source", "session", "event"), Instant.EPOCH.plusSeconds(1))))));

    private final TestHost host = new TestHost();
    private final List<SnapshotCut> resumed = new ArrayList<>();
    private SnapshotCut live = at(TimelineEpoch.first(), 100);

    private static SnapshotCut at(TimelineEpoch epoch, long position) {
        return new SnapshotCut(epoch, Map.of("source", SourceCursor.resynced("1", position)), SEEN);
    }

    private void resume(SnapshotCut cut) {
        resumed.add(cut);
        live = cut;
    }

    private SnapshotManager open() {
        return host.builder().cursors(() -> live, this::resume).open();
    }

    private RestoreReport restore(SnapshotManager manager, String id) {
        return manager.restore(manager.plan(RestoreRequest.of(SnapshotId.of(id))));
    }

    @Test
    void aRestoreTakesTheCursorsBackInANewEpochThatTheNextProcessKnows() {
        SnapshotManager manager = open();
        assertEquals(TimelineEpoch.first(), manager.epoch());
        manager.create();
        assertEquals(Optional.of(live), manager.cut(SnapshotId.of("snap-1")));
        assertEquals(1L, manager.get(SnapshotId.of("snap-1")).counts().get("sources"));
        assertEquals(1L, manager.get(SnapshotId.of("snap-1")).counts().get("seenEvents"));
        live = at(live.epoch(), 250);
        RestoreReport report = restore(manager, "snap-1");
        assertEquals(List.of(at(new TimelineEpoch(2), 100)), resumed);
        assertEquals(new TimelineEpoch(2), report.epoch());
        assertEquals(new TimelineEpoch(2), manager.epoch());
        manager.create();
        manager.close();
        assertTrue(open().epoch().compareTo(new TimelineEpoch(2)) > 0);
    }

    @Test
    void cursorsOfAnOlderEpochFailTheSnapshotAndLeaveNothing() {
        SnapshotManager manager = open();
        manager.create();
        SnapshotCut before = live;
        restore(manager, "snap-1");
        int listed = manager.list().size();
        live = before;
        assertThrows(StaleEpochException.class, manager::create);
        assertEquals(listed, manager.list().size());
    }

    @Test
    void aRestoreThatIsUndoneGivesTheOwnCursorsBackInAnEpochThatNobodyHasSeen() {
        SnapshotManager manager = host.builder()
                .cursors(() -> live, this::resume)
                .restoreCheck("refuses", snapshot -> false)
                .open();
        manager.create();
        live = at(live.epoch(), 250);
        assertThrows(RestoreFailedException.class, () -> restore(manager, "snap-1"));
        assertEquals(List.of(at(new TimelineEpoch(2), 100), at(new TimelineEpoch(3), 250)), resumed);
        assertEquals(new TimelineEpoch(3), manager.epoch());
        manager.create();
    }

    @Test
    void aRestoreThatFailsBeforeTheSwapLeavesTheEpochAlone() {
        SnapshotManager manager = open();
        manager.create();
        restore(manager, "snap-1");
        host.data.disk().onStep(step -> {
            if (step.equals("stage")) {
                throw new StoreException(StoreException.Reason.FULL, "no room", "Make some", null);
            }
        });
        assertThrows(StoreException.class, () -> restore(manager, "snap-1"));
        assertEquals(new TimelineEpoch(2), manager.epoch());
        host.data.disk().onStep(step -> {});
        manager.create();
    }

    @Test
    void aRestoreWithoutTheCursorsBeginsAnEpochAllTheSame() {
        SnapshotManager manager = open();
        manager.create();
        manager.restore(
                manager.plan(RestoreRequest.of(SnapshotId.of("snap-1")).datasets(DatasetSelection.only("data"))));
        assertEquals(List.of(), resumed);
        assertEquals(new TimelineEpoch(2), manager.epoch());
        assertThrows(StaleEpochException.class, manager::create);
        live = live.resumedIn(manager.epoch());
        manager.create();
    }

    @Test
    void aSnapshotOfAnotherInstallationInALaterEpochIsResumedAboveIt() {
        live = at(TimelineEpoch.first(), 7);
        SnapshotManager manager = open();
        manager.create();
        for (int i = 0; i < 3; i++) {
            restore(manager, "snap-1");
        }
        SnapshotId later = manager.create().id();
        TimelineEpoch reached = manager.epoch();
        manager.close();
        live = at(TimelineEpoch.first(), 0);
        resumed.clear();
        SnapshotManager fresh = host.elsewhere(new dev.cairn.backup.testkit.MemoryBlobStore())
                .dataset(host.data)
                .cursors(() -> live, this::resume)
                .open();
        fresh.restore(fresh.plan(RestoreRequest.of(later).asBootstrap()));
        assertTrue(resumed.get(0).epoch().compareTo(reached) > 0);
        assertEquals(fresh.epoch(), resumed.get(0).epoch());
        assertEquals(7, live.cursors().get("source").committed());
    }

    @Test
    void sourcesAreAcknowledgedOnlyUpToWhatTheOldestSnapshotWithinTheHorizonWouldReplay() {
        SnapshotManager manager = open();
        LiveCursor cursor =
                LiveCursor.resume("source", live.epoch(), live.cursors().get("source"));
        Duration horizon = Duration.ofMinutes(30);
        assertEquals(0, manager.releaseFloor(horizon).ackUpTo(cursor, cursor.cursor()), "nothing is durable yet");
        manager.create();
        host.clock.advance(Duration.ofMinutes(20));
        live = at(live.epoch(), 300);
        cursor = LiveCursor.resume("source", live.epoch(), live.cursors().get("source"));
        manager.create(SnapshotRequest.of().pin());
        assertEquals(100, manager.releaseFloor(horizon).ackUpTo(cursor, cursor.cursor()));
        host.clock.advance(Duration.ofMinutes(20));
        assertEquals(300, manager.releaseFloor(horizon).ackUpTo(cursor, cursor.cursor()));
        assertEquals(
                List.of(SnapshotId.of("snap-1")), manager.releaseFloor(horizon).fullResyncOnly());
        manager.delete(SnapshotId.of("snap-1"));
        assertEquals(List.of(), manager.releaseFloor(horizon).fullResyncOnly());
    }

    @Test
    void aSnapshotTakenWithoutCursorsHasNoCut() {
        SnapshotManager without = host.open();
        without.create();
        assertEquals(Optional.empty(), without.cut(SnapshotId.of("snap-1")));
    }

    @Test
    void theCutThatIsAdmittedIsTheOneThatIsStoredAndIsReadOnce() {
        AtomicInteger calls = new AtomicInteger();
        SnapshotManager manager = host.builder()
                .cursors(
                        () -> {
                            calls.incrementAndGet();
                            return live;
                        },
                        this::resume)
                .open();
        manager.create();
        assertEquals(1, calls.get());
    }

    @Test
    void aSupplierThatFailsDoesNotKeepARestoreFromBeingUndone() {
        AtomicBoolean silent = new AtomicBoolean();
        SnapshotManager manager = host.builder()
                .cursors(
                        () -> {
                            if (silent.get()) {
                                throw new IllegalStateException("not now");
                            }
                            return live;
                        },
                        this::resume)
                .restoreCheck("refuses", snapshot -> {
                    silent.set(true);
                    return false;
                })
                .open();
        manager.create();
        live = at(live.epoch(), 250);
        RestoreFailedException failed = assertThrows(RestoreFailedException.class, () -> restore(manager, "snap-1"));
        assertTrue(failed.rolledBack(), failed.toString());
        assertEquals(at(new TimelineEpoch(3), 250), live);
    }

    @Test
    void aHostThatTakesItsCutALittleLaterGetsItsOwnBack() {
        SnapshotManager manager = host.builder()
                .cursors(() -> live, resumed::add)
                .restoreCheck("refuses", snapshot -> {
                    live = resumed.get(0); // What it was handed last is still in its queue when the restore is undone.
                    return false;
                })
                .open();
        manager.create();
        live = at(live.epoch(), 250);
        SnapshotCut own = live;
        assertThrows(RestoreFailedException.class, () -> restore(manager, "snap-1"));
        assertEquals(own.resumedIn(new TimelineEpoch(3)), resumed.get(resumed.size() - 1));
        assertEquals(2, resumed.size());
    }

    @Test
    void aHostThatDiedWhileItsCutWasHandedBackTakesItInAnEpochNewerThanItsOwn() {
        SnapshotManager manager = host.builder()
                .cursors(() -> live, this::resume)
                .restoreCheck("dies", snapshot -> {
                    host.state.failFrom(host.state.calls() + 1);
                    return false;
                })
                .open();
        manager.create();
        live = at(live.epoch(), 250);
        assertThrows(RestoreFailedException.class, () -> restore(manager, "snap-1"));
        host.state.heal();
        Cairn.recoverPending(host.state, List.of(host.data));
        // The next process dies when it has stored what it was handed, and before that is recorded.
        host.state.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && call.name().endsWith("/ended")) {
                throw new IllegalStateException("killed");
            }
        });
        assertThrows(IllegalStateException.class, this::openLive);
        host.state.heal();
        TimelineEpoch stored = live.epoch();
        SnapshotManager next = openLive();
        assertTrue(live.epoch().compareTo(stored) > 0);
        assertEquals(250, live.cursors().get("source").committed());
        assertEquals(live.epoch(), next.epoch());
        next.create();
    }

    /** A host with a live cursor, which refuses an epoch that is not newer than its own. */
    private SnapshotManager openLive() {
        LiveCursor cursor =
                LiveCursor.resume("source", live.epoch(), live.cursors().get("source"));
        return host.builder()
                .cursors(() -> live, cut -> {
                    cursor.restored(cut.epoch(), cut.cursors().get("source"));
                    live = cut;
                })
                .open();
    }

    @Test
    void cursorsOfAnOlderEpochAreNoReasonToHaveNoSafetySnapshot() {
        SnapshotManager manager = open();
        manager.create();
        manager.restore(
                manager.plan(RestoreRequest.of(SnapshotId.of("snap-1")).datasets(DatasetSelection.only("data"))));
        RestoreReport report = restore(manager, "snap-1"); // The host has not taken the new epoch.
        SnapshotId safety = report.safetySnapshot().orElseThrow();
        assertTrue(manager.get(safety).dataset("data").isPresent());
        assertTrue(manager.get(safety).dataset("cursors").isEmpty());
        assertTrue(
                report.warnings().toString().contains("cursors"),
                report.warnings().toString());
    }

    @Test
    void aRollbackBringsTheCursorsOfBeforeBackInAnEpochOfItsOwn() {
        SnapshotManager manager = open();
        manager.create();
        live = at(live.epoch(), 250);
        RestoreReport report = restore(manager, "snap-1");
        assertEquals(100, live.cursors().get("source").committed());
        RestoreReport back = manager.rollback(report);
        assertTrue(back.epoch().compareTo(report.epoch()) > 0);
        assertEquals(at(back.epoch(), 250), live);
        manager.create();
    }

    @Test
    void aStateStoreThatCannotBeReachedAtTheStartTellsNoEpochAndTakesNoSnapshot() {
        SnapshotManager manager = open();
        manager.create();
        restore(manager, "snap-1");
        TimelineEpoch reached = manager.epoch();
        manager.close();
        host.state.failFrom(host.state.calls() + 1);
        SnapshotManager next = open();
        assertThrows(StoreException.class, next::epoch);
        assertThrows(StoreException.class, next::create);
        host.state.heal();
        assertTrue(next.epoch().compareTo(reached) > 0);
        assertThrows(StaleEpochException.class, next::create);
        live = live.resumedIn(next.epoch());
        next.create();
    }

    @Test
    void aCutThatIsNoneIsDamageAndHoldsEveryAcknowledgementBack() {
        Codec<String> wrong = new Codec<>() {
            @Override
            public String fileName() {
                return "cut.jsonl";
            }

            @Override
            public int schemaVersion() {
                return 1;
            }

            @Override
            public void encode(String value, OutputStream out) throws IOException {
                out.write(value.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public String decode(InputStream in, int storedVersion) throws IOException {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        };
        host.builder()
                .dataset(StateDataset.of("cursors", wrong, () -> "{\"epoch\":0,\"cursors\":[]}\n", text -> {}))
                .open()
                .create();
        SnapshotManager manager = open();
        assertThrows(DamagedSnapshotException.class, () -> manager.cut(SnapshotId.of("snap-1")));
        assertThrows(DamagedSnapshotException.class, () -> manager.releaseFloor(Duration.ofHours(1)));
    }
}
