package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import org.junit.jupiter.api.Test;

/** The highest version ever reached: never forgotten while a snapshot of one's own tells it, never waived by calling oneself new. */
class VersionMemoryTest {

    private final TestHost host = new TestHost();

    private static final SnapshotId FIRST = SnapshotId.of("snap-1");

    @Test
    void anOwnSnapshotIsNotAheadAlthoughItsVersionCouldNotBeRemembered() {
        host.version.set(5);
        SnapshotManager manager = host.open();
        host.state.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && call.name().startsWith("version")) {
                throw new StoreException(
                        StoreException.Reason.FULL, "no room for " + call.name(), "Nothing: a test wanted it", null);
            }
        });
        manager.create();
        host.state.heal();
        host.version.set(1);
        assertOkNow(manager);
    }

    @Test
    void anOwnSnapshotIsNotAheadAlthoughTheStateStoreLostTheVersion() {
        host.version.set(5);
        host.open().create();
        assertTrue(!host.stateBlobs.list("version").isEmpty());
        host.stateBlobs.deleteAll(
                host.stateBlobs.list("version").stream().map(BlobInfo::name).toList());
        host.version.set(1);
        assertOkNow(host.open());
    }

    private void assertOkNow(SnapshotManager manager) {
        assertInstanceOf(
                RestoreVerdict.Ok.class, manager.plan(RestoreRequest.of(FIRST)).verdict());
        host.data.file("a", "second");
        BrokenHost.restore(manager, RestoreRequest.of(FIRST));
        assertEquals("first", host.live());
    }

    private void theirSnapshotAtVersionEleven() {
        SnapshotManager theirs = host.elsewhere(new MemoryBlobStore())
                .dataset(FakeDataset.of("data").file("a", "theirs"))
                .projectionVersion(() -> 11)
                .open();
        assertEquals("snap-2", theirs.create().id().value());
    }

    @Test
    void anInstallationWithSnapshotsOfItsOwnCannotDeclareItselfNew() {
        SnapshotManager manager = host.open();
        manager.create();
        theirSnapshotAtVersionEleven();
        assertBootstrapIsRefused(manager);
    }

    @Test
    void anInstallationWithAVersionOfItsOwnCannotDeclareItselfNewAfterItsSnapshotsAreGone() {
        host.open().create();
        theirSnapshotAtVersionEleven();
        host.blobs.deleteAll(
                host.blobs.list("snap-1").stream().map(BlobInfo::name).toList());
        assertBootstrapIsRefused(host.open());
    }

    private void assertBootstrapIsRefused(SnapshotManager manager) {
        RestoreRequest request = RestoreRequest.of(BrokenHost.SECOND);
        assertInstanceOf(
                RestoreVerdict.VersionAhead.class, manager.plan(request).verdict());
        assertThrows(RestoreRefusedException.class, () -> BrokenHost.restore(manager, request.asBootstrap()));
        assertEquals("first", host.live());
        assertInstanceOf(
                RestoreVerdict.VersionAhead.class, manager.plan(request).verdict());
        assertThrows(RestoreRefusedException.class, () -> BrokenHost.restore(manager, request));
    }

    @Test
    void anInstallationThatIsNewMayDeclareIt() {
        host.elsewhere(new MemoryBlobStore())
                .dataset(FakeDataset.of("data").file("a", "theirs"))
                .projectionVersion(() -> 11)
                .open()
                .create();
        BrokenHost.restore(host.open(), RestoreRequest.of(FIRST).asBootstrap());
        assertEquals("theirs", host.live());
    }
}
