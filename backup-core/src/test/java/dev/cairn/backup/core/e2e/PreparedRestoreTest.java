package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that an operator prepares while the host is down. */
class PreparedRestoreTest {

    @TempDir
    Path temp;

    private MixedHost host;
    private SnapshotId first;
    private Map<String, String> whenFirst;

    @BeforeEach
    void theHostGoesDownAfterItsSecondWord() throws IOException {
        host = new MixedHost(temp);
        host.say("first");
        whenFirst = host.told();
        try (SnapshotManager backups = host.configure().open()) {
            first = backups.create().id();
        }
        host.say("second");
    }

    /** The host's process is another one now, which has loaded nothing. */
    private void die() {
        host.memory = new MixedHost.Memory("as loaded");
    }

    @Test
    void theDisksAreRestoredNowAndTheMemoryWhenTheHostStarts() throws IOException {
        die();
        RestoreReport report = Cairn.prepareRestore(host.configureOnDisk(), RestoreRequest.of(first));
        assertEquals(List.of("memory", "files", "db"), report.datasets());
        assertTrue(
                report.warnings().stream().anyMatch(warning -> warning.contains("'memory'")),
                "the safety snapshot lacks what nobody could read: " + report.warnings());
        assertEquals("first", host.told().get("row"));
        assertEquals("as loaded", host.memory.word(), "there is no host to hand it to");

        RecoveryReport recovered = Cairn.recoverPending(host.state(), host.files(), host.sqlite());
        assertTrue(recovered.nothingPending(), "nothing on disk is left to do");
        try (SnapshotManager backups = host.configure().open()) {
            assertEquals(whenFirst, host.told());
            host.memory = new MixedHost.Memory("going on");
            backups.create();
        }
        host.configure().open().close();
        assertEquals("going on", host.memory.word(), "it is handed over once");
    }

    @Test
    void theSameConfigurationAsTheHostsWillDoAndNothingOfTheHostIsCalled() throws IOException {
        die();
        CairnBuilder configured = host.configure()
                .barrier(work -> {
                    throw new AssertionError("the host is down");
                })
                .projectionVersion(() -> {
                    throw new AssertionError("the host is down");
                })
                .restoreHooks(
                        () -> {
                            throw new AssertionError("the host is down");
                        },
                        () -> {})
                .onRestored(snapshot -> {
                    throw new AssertionError("the host is down");
                });
        try (SnapshotManager manager = configured.openWhileHostIsDown()) {
            RestorePlan plan = manager.plan(RestoreRequest.of(first));
            assertTrue(plan.datasets().get(0).target().contains("next start"), plan.datasets()::toString);
            manager.restore(plan);
        }
        host.configure().open().close();
        assertEquals(whenFirst, host.told());
    }

    @Test
    void ofTwoPreparedRestoresTheNewestCounts() throws IOException {
        SnapshotId second;
        try (SnapshotManager backups = host.configure().open()) {
            second = backups.create().id();
        }
        Map<String, String> whenSecond = host.told();
        die();
        Cairn.prepareRestore(host.configureOnDisk(), RestoreRequest.of(first));
        Cairn.prepareRestore(host.configureOnDisk(), RestoreRequest.of(second));
        host.configure().open().close();
        assertEquals(whenSecond, host.told());
    }

    @Test
    void onlyDatasetsOnDiskLeaveNothingPending() throws IOException {
        die();
        Cairn.prepareRestore(
                host.configureOnDisk(), RestoreRequest.of(first).datasets(DatasetSelection.only("files", "db")));
        host.configure().open().close();
        assertEquals("as loaded", host.memory.word());
    }

    @Test
    void aDatasetOnDiskThatIsNotConfiguredIsRefusedByName() throws IOException {
        die();
        Map<String, String> before = host.told();
        CairnBuilder withoutDatabase = Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository"))))
                .state(host.state())
                .dataset(host.files())
                .callerThreadsOnly()
                .maxAge(Duration.ofDays(30000));
        RestoreRefusedException thrown = assertThrows(
                RestoreRefusedException.class, () -> Cairn.prepareRestore(withoutDatabase, RestoreRequest.of(first)));
        assertTrue(thrown.getMessage().contains("'db'"), thrown.getMessage());
        assertEquals(before, host.told());
    }

    @Test
    void aStateStoreThatFailsAtAnyPutLeavesAllOldOrAllNewWithItsMemoryWaiting() throws IOException {
        Map<String, String> whenSecond = host.told();
        int failures = 0;
        for (int put = 1; ; put++) {
            FaultyBlobStore faulty = failingAt(host.state(), put);
            host.memory = new MixedHost.Memory("second");
            boolean acknowledged = false;
            try {
                Cairn.prepareRestore(host.configureOnDisk().state(faulty), RestoreRequest.of(first));
                acknowledged = true;
            } catch (BackupException e) {
                failures++;
            }
            Cairn.recoverPending(host.state(), host.files(), host.sqlite());
            host.configure().open().close();
            Map<String, String> found = host.told();
            assertTrue(found.equals(whenFirst) || found.equals(whenSecond), "put " + put + ": " + found);
            assertFalse(acknowledged && !found.equals(whenFirst), "put " + put + " was acknowledged");
            if (found.equals(whenFirst)) {
                break;
            }
        }
        assertTrue(failures > 3, failures + " puts failed");
    }

    /** From that put on the store takes nothing. */
    private static FaultyBlobStore failingAt(BlobStore store, int put) {
        int[] seen = {0};
        return FaultyBlobStore.over(store).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && ++seen[0] >= put) {
                throw new dev.cairn.backup.StoreException(
                        dev.cairn.backup.StoreException.Reason.IO,
                        "put " + put + " fails",
                        "Nothing: a test wants it",
                        null);
            }
        });
    }
}
