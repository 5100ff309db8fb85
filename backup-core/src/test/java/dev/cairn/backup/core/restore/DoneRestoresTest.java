package dev.cairn.backup.core.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.PastRestore;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoneRestoresTest {

    @Test
    void whateverTheCrashARestoreIsRememberedIfItsDataIsLiveAndOnlyThen() {
        Steps counting = Steps.harmless();
        new World().restore(counting);
        int remembered = 0;
        for (int step = 1; step <= counting.seen().size(); step++) {
            World world = new World();
            try {
                world.restore(Steps.crashingAt(step));
            } catch (Steps.Crash | RestoreFailedException crash) {
                // A process that is dead undoes nothing either.
            }
            world.revived().start(Steps.harmless());
            Optional<PastRestore> last = new DoneRestores(world.state()).last();
            assertEquals(
                    world.age().equals("new"), last.isPresent(), counting.seen().get(step - 1));
            last.ifPresent(restore -> {
                assertEquals("restore-1", restore.restoreId());
                assertEquals(World.TARGET, restore.snapshot());
                assertEquals(List.of("memory", "cursors", "left", "right"), restore.datasets());
            });
            remembered += last.isPresent() ? 1 : 0;
        }
        assertTrue(remembered > 0, "the last steps come after the decision");
    }

    @Test
    void theNewestOneIsRememberedWithItsPathsAndItsSafetySnapshot() {
        MemoryBlobStore state = new MemoryBlobStore();
        new DoneRestores(state)
                .keep("restore-1", new RestoreRecords.Intent("snap-1", "2026-01-01T00:00:00Z", null, List.of()));
        new DoneRestores(state)
                .keep(
                        "restore-2",
                        new RestoreRecords.Intent(
                                "snap-2",
                                "2026-01-02T00:00:00Z",
                                "snap-3",
                                List.of(
                                        new RestoreRecords.Target("tree", "files", false, false, List.of("a/b", "c")),
                                        new RestoreRecords.Target("db", "sqlite", false, false, List.of()))));
        assertEquals(
                new PastRestore(
                        "restore-2",
                        SnapshotId.of("snap-2"),
                        Instant.parse("2026-01-02T00:00:00Z"),
                        Optional.of(SnapshotId.of("snap-3")),
                        List.of("tree", "db"),
                        Map.of("tree", List.of(EntryPath.of("a/b"), EntryPath.of("c")))),
                new DoneRestores(state).last().orElseThrow());
    }
}
