package dev.cairn.backup.examples.lostdisk;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostDiskTest {

    @TempDir
    Path temp;

    @Test
    void losesTheDiskUnderLoadAndComesBackToTheLastSecond() throws Exception {
        ChildRun.assertPlaysToItsEnd(
                LostDisk.class,
                temp,
                "protected: there is a base",
                "every transaction can be restored from",
                "HOLDS   no transfer after that moment is in it",
                "HOLDS   all but the last second came back");
    }
}
