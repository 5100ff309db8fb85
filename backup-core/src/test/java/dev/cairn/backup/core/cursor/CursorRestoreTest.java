package dev.cairn.backup.core.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.cursor.EventKey;
import dev.cairn.backup.cursor.LiveCursor;
import dev.cairn.backup.cursor.SeenEvent;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.cursor.SourceSightings;
import dev.cairn.backup.cursor.StaleEpochException;
import dev.cairn.backup.cursor.StateDedup;
import dev.cairn.backup.cursor.TimelineEpoch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
}
