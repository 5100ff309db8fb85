package dev.cairn.backup.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.examples.show.ChildRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

    @TempDir
    Path temp;

    @Test
    void showsTheWholeRoadAndLeavesWhatItMadeInTheNamedFolder() throws Exception {
        Path work = temp.resolve("work");

        ChildRun run = ChildRun.of(Quickstart.class, temp.resolve("output"), work.toString());

        assertEquals(0, run.exitCode(), run.output());
        for (String told : List.of(
                "PERIODIC",
                "MANUAL",
                "SHUTDOWN",
                "the database says: [SQLITE_NOTADB]",
                "verdict  Ok[",
                "it would be TooOld[",
                "EQUAL   what the service held at",
                "EQUAL   all old: rows, files, and the sessions",
                "the barrier was held",
                "health HEALTHY",
                "HOLDS   the half snapshot is kept apart",
                "HOLDS   the restore was undone",
                "== All comparisons held")) {
            assertTrue(run.output().contains(told), () -> "'" + told + "' is missing in:\n" + run.output());
        }
        assertFalse(run.output().contains("DIFFERS"), run.output());
        assertTrue(Files.exists(work.resolve("first/backup-home/backups")), "the named folder stays");
    }

    @Test
    void refusesAFolderThatIsNotEmptyAndTouchesNothingInIt() throws Exception {
        Path precious = Files.writeString(temp.resolve("precious.txt"), "mine");

        ChildRun run = ChildRun.of(Quickstart.class, temp.resolve("output"), temp.toString());

        assertEquals(2, run.exitCode(), run.output());
        assertTrue(run.output().contains(temp.toAbsolutePath() + " is not empty"), run.output());
        assertTrue(run.output().contains("usage: Quickstart"), run.output());
        assertEquals("mine", Files.readString(precious));
        assertEquals(2, children(), "only what the test itself wrote");
    }

    @Test
    void refusesAnUnknownOption() throws Exception {
        ChildRun run = ChildRun.of(Quickstart.class, temp.resolve("output"), "--quick");

        assertEquals(2, run.exitCode(), run.output());
        assertTrue(run.output().contains("unknown option --quick"), run.output());
        assertEquals(1, children(), "no work folder was made");
    }

    private int children() throws IOException {
        try (Stream<Path> children = Files.list(temp)) {
            return (int) children.count();
        }
    }
}
