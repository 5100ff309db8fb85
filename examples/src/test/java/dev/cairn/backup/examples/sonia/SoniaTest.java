package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoniaTest {

    @TempDir
    Path temp;

    @Test
    void playsTheRunbookToItsEnd() throws Exception {
        ChildRun run = ChildRun.of(
                Sonia.class, temp.resolve("output"), temp.resolve("work").toString());

        assertEquals(0, run.exitCode(), run.output());
        for (String told : List.of(
                "HOLDS   at two the service backs up by itself",
                "memory-corrupt-",
                "HOLDS   one dead letter is back, and doing it twice adds nothing",
                "HOLDS   RestoreDatabase brings back the last transaction from the disk D",
                "HOLDS   RestoreDatabase restores from the share with the code",
                "== All comparisons held")) {
            assertTrue(run.output().contains(told), () -> "'" + told + "' is missing in:\n" + run.output());
        }
        assertFalse(run.output().contains("FAILS"), run.output());
    }
}
