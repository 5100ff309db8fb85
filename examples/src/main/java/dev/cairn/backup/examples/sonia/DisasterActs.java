package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.WorkFolder;
import dev.cairn.backup.examples.sonia.memory.MemoryDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The scenarios that take the disk or the machine.
 *
 * @param place the machine
 * @param folder where a new machine may be
 * @param paper the recovery code
 * @param report told what happens
 */
record DisasterActs(SoniaPlace place, Path folder, Path paper, Report report) {

    void play() throws IOException, SQLException, InterruptedException {
        lostDisk();
        lostMachine();
    }

    private void lostDisk() throws IOException, SQLException, InterruptedException {
        report.title("Scenario 2: kill -9, and the disk S is gone a moment after a memory was added");
        try (RunningService memory = SoniaStack.memory(place)) {
            Sonia.awaitStored(memory, "");
            String before = Sonia.protection(memory).path("kept").asText();
            Sonia.ordered(memory, "/v1/memory/add", "{\"content\":\"the user sold the boat\"}");
            Sonia.awaitStored(memory, before);
            Sonia.ordered(memory, "/v1/backups/copy", "{}");
            memory.kill();
        }
        WorkFolder.deleteTree(place.disk());
        report.check(
                "RestoreDatabase brings back the last transaction from the disk D",
                RestoreActs.restored(place, report, "--last", "yes") == 0);
        report.check("no backup was taken after it, and it is there", remembers("boat"));
    }

    /** Whether the restored database does, before any service opens it. */
    private boolean remembers(String word) throws SQLException {
        MemoryDatabase database = new MemoryDatabase(place.database());
        database.openExisting();
        try {
            return !database.search(word, 5).isEmpty();
        } finally {
            database.close();
        }
    }

    private void lostMachine() throws IOException, InterruptedException {
        report.title("Scenario 5: the machine is gone; there is a share and a paper in the safe");
        WorkFolder.deleteTree(place.root());
        Path root = folder.resolve("machine-2");
        SoniaPlace fresh = new SoniaPlace(root, root.resolve("D"), place.share());
        report.check(
                "RestoreDatabase restores from the share with the code",
                RestoreActs.restored(fresh, report, "--last", "yes", "--from", "share", "--code", paper.toString())
                        == 0);
        SoniaPlace working = new SoniaPlace(root, root.resolve("D"), folder.resolve("share-2"));
        try (RunningService memory = SoniaStack.memory(working)) {
            report.check("everything is found", Sonia.finds(memory, "boat") && Sonia.finds(memory, "plum"));
            Sonia.ordered(memory, "/v1/backups", "{}");
            report.check("the service stops in good order", memory.stop() == 0);
        }
    }
}
