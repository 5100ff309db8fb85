package dev.cairn.backup.core.point;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.capture.FakeDataset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Restores of points go the way of all restores, and protection goes on after them. */
class PointRestoreTest {

    private final PagedHost host = PagedHost.browsable();
    private final List<String> order = new ArrayList<>();

    private SnapshotManager open() {
        SnapshotManager manager = host.builder()
                .restoreHooks(() -> order.add("before " + calls()), () -> order.add("after " + calls()))
                .open();
        host.awaitProtected(manager);
        return manager;
    }

    private List<String> calls() {
        return host.data.source().calls();
    }

    private RestorePoint threeTransactionsBack(SnapshotManager manager) {
        for (int i = 0; i < 4; i++) {
            host.clock.advance(Duration.ofMinutes(1));
            host.data.commit(6 + i, 10 + i, 1 + i, 6 + i);
        }
        host.uploaded(manager);
        LogPosition end = host.data.source().position().orElseThrow();
        return manager.restorePoint("db", new LogPosition(end.timeline(), end.transaction() - 3));
    }

    @Test
    void theDatasetIsAsItWasAndTheReportTellsThePoint() {
        try (SnapshotManager manager = open()) {
            RestorePoint point = threeTransactionsBack(manager);
            byte[] last = host.data.content();
            RestorePlan plan = manager.plan(RestoreRequest.of(point));
            assertEquals(Optional.of(point), plan.request().point());
            assertEquals(
                    7L * PagedDataset.PAGE - PagedDataset.PAGE,
                    plan.datasets().get(0).bytes());
            assertArrayEquals(last, host.data.content(), "a plan touches nothing");
            RestoreReport report = manager.restore(plan);
            assertArrayEquals(host.data.at(point.position()), host.data.content());
            assertEquals(Optional.of(point), report.point());
            assertEquals(point.base(), report.snapshot().id());
            assertEquals(List.of("db"), report.datasets());
            manager.rollback(report);
            assertArrayEquals(last, host.data.content());
        }
    }

    @Test
    void theSourceIsPausedBeforeTheHooksAndGoesOnAfterThemOnANewTimelineWithABase() {
        try (SnapshotManager manager = open()) {
            RestorePoint point = threeTransactionsBack(manager);
            manager.restore(manager.plan(RestoreRequest.of(point)));
            assertEquals(List.of("before [pause]", "after [pause]"), order);
            assertEquals(List.of("pause", "resume: the dataset was restored"), calls());
            LogPosition fresh = host.data.source().position().orElseThrow();
            assertFalse(fresh.timeline().equals(point.position().timeline()));
            host.await(() -> manager.restoreWindows("db").size() == 2);
            host.data.commit(3, 77, 2);
            host.uploaded(manager);
            LogPosition after = host.data.source().position().orElseThrow();
            assertArrayEquals(host.data.content(), host.read(manager, after, PagedDataset::stream));
            assertArrayEquals(
                    host.data.at(point.position()),
                    host.read(manager, point.position(), PagedDataset::stream),
                    "the timeline that was left stays restorable");
            host.await(() -> host.events(BackupEvent.ProtectionChanged.class).stream()
                    .anyMatch(event -> event.status().state() == ProtectionStatus.State.PAUSED));
        }
    }

    @Test
    void aRestoreOfAWholeSnapshotPausesTheSourceToo() {
        try (SnapshotManager manager = open()) {
            threeTransactionsBack(manager);
            manager.restore(manager.plan(RestoreRequest.of(SnapshotId.of("snap-1"))));
            assertEquals(List.of("pause", "resume: the dataset was restored"), calls());
        }
    }

    @Test
    void aRestoreThatIsUndoneLeavesTheOldStateProtected() {
        SnapshotManager manager =
                host.builder().restoreCheck("never", snapshot -> false).open();
        try (manager) {
            host.awaitProtected(manager);
            RestorePoint point = threeTransactionsBack(manager);
            byte[] last = host.data.content();
            RestorePlan plan = manager.plan(RestoreRequest.of(point));
            RestoreFailedException failed = assertThrows(RestoreFailedException.class, () -> manager.restore(plan));
            assertTrue(failed.rolledBack());
            assertArrayEquals(last, host.data.content());
            assertEquals("resume: a restore of the dataset was undone", calls().get(calls().size() - 1));
            assertEquals(2, calls().stream().filter("pause"::equals).count());
            host.awaitProtected(manager);
        }
    }

    @Test
    void aRestoreThatFailsWhileItIsStagedNeverTouchesTheSource() {
        try (SnapshotManager manager = open()) {
            RestorePoint point = threeTransactionsBack(manager);
            RestorePlan plan = manager.plan(RestoreRequest.of(point));
            host.blobs.list(".cairn/segments").stream()
                    .filter(blob -> blob.name().value().endsWith("00001"))
                    .forEach(blob -> host.blobs.delete(blob.name()));
            assertThrows(dev.cairn.backup.DamagedSnapshotException.class, () -> manager.restore(plan));
            assertEquals(List.of(), calls());
        }
    }

    @Test
    void theAgeCountsFromThePointAndNotFromItsBase() {
        SnapshotManager manager = host.builder().maxAge(Duration.ofMinutes(10)).open();
        try (manager) {
            host.awaitProtected(manager);
            host.clock.advance(Duration.ofHours(1));
            RestorePoint point = threeTransactionsBack(manager);
            RestorePlan young = manager.plan(RestoreRequest.of(point));
            assertEquals(new RestoreVerdict.Ok(Duration.ofMinutes(3)), young.verdict());
            host.clock.advance(Duration.ofMinutes(8));
            RestorePlan old = manager.plan(RestoreRequest.of(point));
            assertInstanceOf(RestoreVerdict.TooOld.class, old.verdict());
            RestoreRefusedException refused = assertThrows(RestoreRefusedException.class, () -> manager.restore(young));
            assertTrue(refused.getMessage().contains("Point " + point.position()), refused.getMessage());
            assertTrue(refused.getMessage().contains("RestoreRequest.of(point).approvedBy"), refused.getMessage());
            manager.restore(manager.plan(RestoreRequest.of(point).approvedBy("anna", "it is the last good one")));
            assertArrayEquals(host.data.at(point.position()), host.data.content());
        }
    }

    @Test
    void otherDatasetsAreLeftAsTheyAre() {
        FakeDataset files = FakeDataset.of("files").file("a", "first");
        SnapshotManager manager = host.builder().dataset(files).open();
        try (manager) {
            host.awaitProtected(manager);
            manager.create();
            RestorePoint point = threeTransactionsBack(manager);
            files.file("a", "second");
            manager.restore(manager.plan(RestoreRequest.of(point)));
            assertEquals("second", files.disk().files().get("a"));
            assertArrayEquals(host.data.at(point.position()), host.data.content());
        }
    }
}
