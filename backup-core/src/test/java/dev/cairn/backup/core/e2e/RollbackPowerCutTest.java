package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever a power cut leaves of a rollback from the trash, the host is all old or all new, and what was not rolled back still can be. */
class RollbackPowerCutTest {

    private static final boolean CAMPAIGN =
            System.getProperty("cairn.campaign", "").contains("restore-crash");
    private static final CrashSampling SAMPLING = CrashSampling.random(20261121, CAMPAIGN ? 200 : 1);

    private int undone;

    @Test
    void aRollbackIsAllOldOrAllNewAndTheTrashIsNeverLost() throws IOException {
        try (MemoryFolder memory = MemoryFolder.create()) {
            Path temp = memory.path();
            SmallHost host = new SmallHost(temp.resolve("real"));
            host.writeFirst();
            RestoreReport report;
            Map<String, String> whenSecond;
            try (SnapshotManager backups = host.configureWithTrash().open()) {
                SnapshotId first = backups.create().id();
                host.writeSecond();
                whenSecond = SmallHost.tree(host.data());
                report = backups.restore(backups.plan(RestoreRequest.of(first)));
            }
            Map<String, String> whenFirst = SmallHost.tree(host.data());
            CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
            SmallHost recorded = new SmallHost(disk.root());
            recorded.memory = host.memory;
            try (SnapshotManager backups = recorded.configureWithTrash().open()) {
                RestoreReport back = backups.rollback(report);
                assertTrue(back.warnings().get(0).contains("trash"), back.warnings()::toString);
                disk.mark("rolled back");
            }
            assertEquals(whenSecond, SmallHost.tree(host.data()));
            int states = disk.forEachState(
                    temp.resolve("states"), SAMPLING, state -> check(state, report, whenFirst, whenSecond));
            assertTrue(states > 100, states + " states");
        }
    }

    /** Repeating it costs more than all else: in the normal run every third state that needs it does. */
    private boolean repeats() {
        return CAMPAIGN || undone++ % 3 == 0;
    }

    private void check(
            CrashState state, RestoreReport report, Map<String, String> whenFirst, Map<String, String> whenSecond)
            throws IOException {
        Path home = CrashFileSystem.unrecorded(state.directory()).root();
        SmallHost after = new SmallHost(home);
        Cairn.recoverPending(after.state(), after.files());
        Map<String, String> found = SmallHost.tree(home.resolve("data"));
        boolean back = found.equals(whenSecond);
        assertTrue(back || found.equals(whenFirst), () -> "a mixture: " + found);
        assertTrue(back || !state.marked("rolled back"), "the rollback was acknowledged and is undone");
        if (back || !repeats()) {
            return;
        }
        after.memory = new SmallHost.Memory("as loaded");
        try (SnapshotManager backups = after.configureWithTrash().open()) {
            RestoreReport again = backups.rollback(report);
            assertTrue(
                    again.warnings().stream().anyMatch(warning -> warning.contains("trash of")),
                    again.warnings()::toString);
            assertEquals(whenSecond, SmallHost.tree(home.resolve("data")));
            assertEquals("second", after.memory.text());
        }
    }
}
