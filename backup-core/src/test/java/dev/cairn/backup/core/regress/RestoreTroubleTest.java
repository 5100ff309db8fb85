package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.Progress;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePendingException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Restores whose host throws what nobody throws, and restores that are watched and stopped. */
class RestoreTroubleTest {

    private final BrokenHost broken = new BrokenHost();

    @Test
    void anErrorOfTheHostInSwapAndInRollbackLeavesTheRestorePendingAndSaysSo() {
        StateDataset<String> broke =
                StateDataset.of("memory", JsonCodec.of(new ObjectMapper(), String.class), broken.memory::get, value -> {
                    throw new AssertionError("the host's consumer broke at " + value);
                });
        SnapshotManager manager = broken.host.builder().dataset(broke).open();
        manager.create();
        broken.disk.file("a", "second");
        broken.memory.set("second");
        RestoreFailedException thrown = assertThrows(
                RestoreFailedException.class, () -> BrokenHost.restore(manager, RestoreRequest.of(BrokenHost.FIRST)));
        assertFalse(thrown.rolledBack());
        assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
        int listed = broken.host.blobs.children("").size();
        for (int i = 0; i < 2; i++) {
            BackupException refused = assertThrows(BackupException.class, manager::create);
            assertTrue(
                    refused instanceof RestorePendingException || refused instanceof BackupBusyException,
                    refused.toString());
        }
        assertEquals(listed, broken.host.blobs.children("").size(), "nothing more was written");
        assertEquals("second", broken.memory.get());
    }

    /** The consumer takes the old value back, so that all is as before. */
    @Test
    void anErrorOfTheHostInSwapAloneIsUndone() {
        StateDataset<String> broke =
                StateDataset.of("memory", JsonCodec.of(new ObjectMapper(), String.class), broken.memory::get, value -> {
                    if (value.equals("first")) {
                        throw new AssertionError("the host's consumer does not take " + value);
                    }
                    broken.memory.set(value);
                });
        SnapshotManager manager = broken.host.builder().dataset(broke).open();
        manager.create();
        broken.disk.file("a", "second");
        broken.memory.set("second");
        RestoreFailedException thrown = assertThrows(
                RestoreFailedException.class, () -> BrokenHost.restore(manager, RestoreRequest.of(BrokenHost.FIRST)));
        assertTrue(thrown.rolledBack());
        assertEquals("second", broken.host.live());
        assertEquals("second", broken.memory.get());
        manager.create();
    }

    private SnapshotManager withTwoStates(Runnable beforeHook) {
        SnapshotManager manager =
                broken.builder().restoreHooks(beforeHook, () -> {}).open();
        manager.create();
        broken.disk.file("a", "second");
        broken.memory.set("second");
        return manager;
    }

    @Test
    void progressIsToldWhileItIsStaged() {
        List<Progress> told = new ArrayList<>();
        List<Progress> toldBeforeTheSwap = new ArrayList<>();
        SnapshotManager manager = withTwoStates(() -> toldBeforeTheSwap.addAll(told));
        BrokenHost.restore(manager, RestoreRequest.of(BrokenHost.FIRST).progress(told::add));
        List<Progress> staging = toldBeforeTheSwap.stream()
                .filter(progress -> !progress.operation().equals("snapshot")) // That is the safety snapshot.
                .toList();
        assertFalse(staging.isEmpty(), "told: " + told);
        Progress last = staging.get(staging.size() - 1);
        assertEquals(3, last.entries(), "one file, a value and its version");
        assertTrue(last.bytes() >= "first".length(), last.toString());
    }

    @Test
    void aRestoreThatIsCancelledWhenTheLastDatasetWasStagedSwapsNothing() {
        CancellationToken token = new CancellationToken();
        SnapshotManager manager = withTwoStates(() -> {});
        broken.disk.disk().onStep(step -> {
            if (step.equals("stage")) {
                token.cancel();
            }
        });
        assertCancelled(manager, token);
    }

    @Test
    void aRestoreThatIsCancelledInTheHookBeforeTheSwapSwapsNothing() {
        CancellationToken token = new CancellationToken();
        assertCancelled(withTwoStates(token::cancel), token);
    }

    private void assertCancelled(SnapshotManager manager, CancellationToken token) {
        List<String> swaps = new ArrayList<>();
        broken.host.state.onCall(call -> {
            if (BrokenHost.swapOfTheDisk(call)) {
                swaps.add(call.name());
            }
        });
        assertThrows(
                BackupCancelledException.class,
                () -> BrokenHost.restore(
                        manager, RestoreRequest.of(BrokenHost.FIRST).cancellation(token)));
        assertEquals(List.of(), swaps);
        assertEquals("second", broken.host.live());
        assertEquals("second", broken.memory.get());
        assertTrue(broken.disk.disk().nothingStaged());
        manager.create();
    }
}
