package dev.cairn.backup.examples.factory;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactoryTest {

    @TempDir
    Path temp;

    @Test
    void playsItsRunbookToTheEnd() throws Exception {
        ChildRun.assertPlaysToItsEnd(
                Factory.class,
                temp,
                "at least 1048576 are expected",
                "HOLDS   resilience_ops_v1 of the proof-only restore, signed by factory and tower",
                "HOLDS   resilience_ops_v1 of the ledger restore, signed by factory and tower",
                "HOLDS   resilience_ops_v1 of the quarterly drill, signed by factory and tower",
                "HOLDS   resilience_ops_v1 of the full restore, signed by factory and tower",
                "refused all the same: ALREADY_USED",
                "of 30 minutes");
    }
}
