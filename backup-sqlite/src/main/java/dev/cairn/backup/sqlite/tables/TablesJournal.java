package dev.cairn.backup.sqlite.tables;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.StageContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that a later process needs in order to end a restore: where things lie. What was done is told by {@link SwapMarks}.
 *
 * @param snapshot the snapshot that is restored
 * @param live the live main file
 * @param folder the staging folder
 * @param aside where the old rows are kept when the restore has ended
 */
record TablesJournal(String snapshot, String live, String folder, String aside) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAN = "tables-plan";
    private static final String STAGED = "tables-staged";
    private static final String UNDONE = "tables-undone";

    /** The plan that was saved, in whichever process. */
    static Optional<TablesJournal> load(StageContext context) {
        return context.load(PLAN).map(value -> {
            try {
                return JSON.readValue(value, TablesJournal.class);
            } catch (IOException e) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        "The journal of restore " + context.restoreId() + " cannot be read: " + e.getMessage(),
                        "Restore the state store's content; the old rows lie in the folder .cairn-"
                                + context.restoreId() + "-… beside the database",
                        e);
            }
        });
    }

    /** Makes the plan durable. */
    void save(StageContext context) {
        try {
            context.save(PLAN, JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new UncheckedIOException("a record of strings is always written", e);
        }
    }

    static void saveStaged(StageContext context) {
        context.save(STAGED, new byte[0]);
    }

    static boolean wasStaged(StageContext context) {
        return context.load(STAGED).isPresent();
    }

    static void saveUndone(StageContext context) {
        context.save(UNDONE, new byte[0]);
    }

    static boolean wasUndone(StageContext context) {
        return context.load(UNDONE).isPresent();
    }

    SnapshotId snapshotId() {
        return SnapshotId.of(snapshot);
    }

    Path liveFile() {
        return Path.of(live);
    }

    Path stagingFolder() {
        return Path.of(folder);
    }

    /** The snapshot's rows. */
    Path staged() {
        return stagingFolder().resolve("staged.db");
    }

    /** The rows that the swap replaced; whole if the swap was committed. */
    Path old() {
        return stagingFolder().resolve("old.db");
    }

    Path asideFile() {
        return Path.of(aside);
    }
}
