package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HaloTest {

    @TempDir
    Path temp;

    @Test
    void playsTheRunbookToItsEnd() throws Exception {
        ChildRun run = ChildRun.of(
                Halo.class, temp.resolve("output"), temp.resolve("work").toString());

        assertEquals(0, run.exitCode(), run.output());
        for (String told : List.of(
                "== 2. Operational endpoints",
                "== 5 B. Missing backup manifest",
                "HOLDS   the trails went on",
                "HOLDS   after kill -9 in the middle of a restore: all old",
                "== All comparisons held")) {
            assertTrue(run.output().contains(told), () -> "'" + told + "' is missing in:\n" + run.output());
        }
        assertFalse(run.output().contains("FAILS"), run.output());
    }
}
