package dev.cairn.backup.examples.lostdisk;

import dev.cairn.backup.examples.show.ChildRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostDiskTest {

    private static final int PLAYS = 3;

    /** What the play promises within a second, which a machine that has none to spare for one of its threads may break. */
    private static final List<String> WITHIN_A_SECOND =
            List.of("FAILS   no transfer after that moment is in it", "FAILS   all but the last second came back");

    @TempDir
    Path temp;

    @Test
    void losesTheDiskUnderLoadAndComesBackToTheLastSecond() throws Exception {
        ChildRun run = ChildRun.play(LostDisk.class, temp.resolve("play-1"));
        for (int play = 2; play <= PLAYS && isOnlyLate(run); play++) {
            run = ChildRun.play(LostDisk.class, temp.resolve("play-" + play));
        }
        run.assertHeld(
                "protected: there is a base",
                "every transaction can be restored from",
                "HOLDS   no transfer after that moment is in it",
                "HOLDS   all but the last second came back");
    }

    private static boolean isOnlyLate(ChildRun run) {
        List<String> failed =
                run.output().lines().filter(line -> line.contains("FAILS")).toList();
        return !failed.isEmpty()
                && failed.stream().allMatch(line -> WITHIN_A_SECOND.stream().anyMatch(line::contains));
    }
}
