package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoniaTest {

    @TempDir
    Path temp;

    @Test
    void playsTheRunbookToItsEnd() throws Exception {
        ChildRun.assertPlaysToItsEnd(
                Sonia.class,
                temp,
                "HOLDS   at two the service backs up by itself",
                "memory-corrupt-",
                "HOLDS   one dead letter is back, and doing it twice adds nothing",
                "HOLDS   RestoreDatabase brings back the last transaction from the disk D",
                "HOLDS   RestoreDatabase restores from the share with the code");
    }
}
