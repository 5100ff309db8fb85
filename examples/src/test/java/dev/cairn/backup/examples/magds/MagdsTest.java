package dev.cairn.backup.examples.magds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MagdsTest {

    @TempDir
    Path temp;

    @Test
    void playsTheRunbookToItsEnd() throws Exception {
        ChildRun run = ChildRun.of(
                Magds.class, temp.resolve("output"), temp.resolve("work").toString());

        assertEquals(0, run.exitCode(), run.output());
        for (String told : List.of(
                "$ mag magds:backup run --label=pre-release",
                "HOLDS   verified, exit code 0",
                "HOLDS   the dry run has touched nothing",
                "HOLDS   exit code 1, and the file is named",
                "== All comparisons held")) {
            assertTrue(run.output().contains(told), () -> "'" + told + "' is missing in:\n" + run.output());
        }
        assertFalse(run.output().contains("FAILS"), run.output());
    }
}
