package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot that was found damaged is not what retention may lean on. */
class DamageSuspicionTest {

    private final BrokenHost broken = new BrokenHost();

    private SnapshotManager twoSnapshotsOfWhichOneIsKept() {
        SnapshotManager manager =
                broken.host.builder().manualRetention(Retention.keepLast(1)).open();
        manager.create();
        manager.create();
        return manager;
    }

    private void findDamage(SnapshotManager manager) {
        broken.damage(BrokenHost.SECOND);
        assertFalse(manager.verify(BrokenHost.SECOND).passed());
    }

    @Test
    void theGoodSnapshotBeforeADamagedOneStays() {
        SnapshotManager manager = twoSnapshotsOfWhichOneIsKept();
        findDamage(manager);
        assertEquals(List.of(BrokenHost.SECOND), manager.health().suspects());
        assertEquals(0, manager.prune());
        assertThrows(BackupBusyException.class, () -> manager.delete(BrokenHost.FIRST), "it is the last good one");
        assertEquals(List.of("snap-1", "snap-2"), BrokenHost.ids(manager));
    }

    @Test
    void theSuspicionOutlivesTheProcess() {
        findDamage(twoSnapshotsOfWhichOneIsKept());
        SnapshotManager next =
                broken.host.builder().manualRetention(Retention.keepLast(1)).open();
        assertEquals(List.of(BrokenHost.SECOND), next.health().suspects());
        assertEquals(0, next.prune());
    }

    @Test
    void aLaterSuccessTakesTheSuspicionBack() {
        SnapshotManager manager = twoSnapshotsOfWhichOneIsKept();
        findDamage(manager);
        assertEquals(List.of(BrokenHost.SECOND), manager.health().suspects());
        broken.putBack(BrokenHost.SECOND, "first");
        broken.host.clock.advance(Duration.ofMinutes(1));
        assertTrue(manager.verify(BrokenHost.SECOND).passed());
        assertEquals(List.of(), manager.health().suspects());
        assertEquals(1, manager.prune());
        assertEquals(List.of("snap-2"), BrokenHost.ids(manager));
    }

    @Test
    void anAcknowledgementOlderThanTheDamageDoesNotHideIt() {
        SnapshotManager manager = twoSnapshotsOfWhichOneIsKept();
        manager.acknowledge(BrokenHost.SECOND, "anna", "looked at before it was damaged");
        broken.host.clock.advance(Duration.ofMinutes(1));
        findDamage(manager);
        assertEquals(List.of(BrokenHost.SECOND), manager.health().suspects());
        assertEquals(0, manager.prune());
    }

    @Test
    void aSuccessDoesNotTakeBackTheSuspicionOfALoss() {
        broken.disk.file("b", "x".repeat(1000));
        SnapshotManager manager = twoSnapshotsOfWhichOneIsKept();
        broken.disk.disk().clear();
        broken.disk.file("a", "first");
        manager.create();
        SnapshotId third = SnapshotId.of("snap-3");
        assertEquals(List.of(third), manager.health().suspects());
        assertTrue(manager.verify(third).passed());
        assertEquals(List.of(third), manager.health().suspects());
    }
}
