package dev.cairn.backup.examples.magds;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MagdsTest {

    @TempDir
    Path temp;

    @Test
    void playsTheRunbookToItsEnd() throws Exception {
        ChildRun.assertPlaysToItsEnd(
                Magds.class,
                temp,
                "$ mag magds:backup run --label=pre-release",
                "HOLDS   verified, exit code 0",
                "HOLDS   the dry run has touched nothing",
                "HOLDS   exit code 1, and the file is named");
    }
}
