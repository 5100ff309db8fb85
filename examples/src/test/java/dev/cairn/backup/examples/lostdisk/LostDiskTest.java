package dev.cairn.backup.examples.lostdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostDiskTest {

    @TempDir
    Path temp;

    @Test
    void losesTheDiskUnderLoadAndComesBackToTheLastSecond() throws Exception {
        ChildRun run = ChildRun.of(
                LostDisk.class, temp.resolve("output"), temp.resolve("work").toString());

        assertEquals(0, run.exitCode(), run.output());
        for (String told : List.of(
                "protected: there is a base",
                "every transaction can be restored from",
                "HOLDS   no transfer after that moment is in it",
                "HOLDS   all but the last second came back",
                "== All comparisons held")) {
            assertTrue(run.output().contains(told), () -> "'" + told + "' is missing in:\n" + run.output());
        }
        assertFalse(run.output().contains("FAILS"), run.output());
    }
}
