package dev.cairn.backup.examples.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactoryTest {

    @TempDir
    Path temp;

    @Test
    void playsItsRunbookToTheEnd() throws Exception {
        ChildRun run = ChildRun.of(
                Factory.class, temp.resolve("output"), temp.resolve("work").toString());

        assertEquals(0, run.exitCode(), run.output());
        for (String told : List.of(
                "at least 1048576 are expected",
                "HOLDS   resilience_ops_v1 of the proof-only restore, signed by factory and tower",
                "HOLDS   resilience_ops_v1 of the ledger restore, signed by factory and tower",
                "HOLDS   resilience_ops_v1 of the quarterly drill, signed by factory and tower",
                "HOLDS   resilience_ops_v1 of the full restore, signed by factory and tower",
                "refused all the same: ALREADY_USED",
                "of 30 minutes",
                "== All comparisons held")) {
            assertTrue(run.output().contains(told), () -> "'" + told + "' is missing in:\n" + run.output());
        }
        assertFalse(run.output().contains("FAILS"), run.output());
    }
}
