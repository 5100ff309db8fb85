package dev.cairn.backup.examples.halo;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HaloTest {

    @TempDir
    Path temp;

    @Test
    void playsTheRunbookToItsEnd() throws Exception {
        ChildRun.assertPlaysToItsEnd(
                Halo.class,
                temp,
                "== 2. Operational endpoints",
                "== 5 B. Missing backup manifest",
                "HOLDS   the trails went on",
                "HOLDS   after kill -9 in the middle of a restore: all old");
    }
}
