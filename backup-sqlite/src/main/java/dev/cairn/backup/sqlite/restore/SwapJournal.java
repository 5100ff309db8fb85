package dev.cairn.backup.sqlite.restore;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that a later process needs in order to end a restore. Two values in the engine's state store: the plan, saved before anything is made, and the
 * identity of the staged file, saved when it is complete and verified. Which step a crash came after is then read off the files themselves.
 *
 * @param live the live main file
 * @param staged the staged file, in a folder of its own on the same file system
 * @param aside the name that the old main file gets
 * @param replaces whether there was a live database to be set aside
 */
record SwapJournal(String live, String staged, String aside, boolean replaces) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAN = "sqlite-plan";
    private static final String STAGED = "sqlite-staged";

    /** The plan that was saved, in whichever process. */
    static Optional<SwapJournal> load(StageContext context) {
        return context.load(PLAN).map(value -> {
            try {
                return JSON.readValue(value, SwapJournal.class);
            } catch (IOException e) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        "The journal of restore " + context.restoreId() + " cannot be read: " + e.getMessage(),
                        "Restore the state store's content; the old database lies beside the live one under a dated name",
                        e);
            }
        });
    }

    /** Makes the plan durable. */
    void save(StageContext context) {
        try {
            context.save(PLAN, JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new UncheckedIOException("a record of strings and a boolean is always written", e);
        }
    }

    /** Makes it durable that the staged file is complete, under its inode where the platform has them. */
    void saveStaged(StageContext context) throws IOException {
        context.save(STAGED, DatabaseFiles.keyOf(stagedFile()).orElse("").getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the staged file was complete. */
    static boolean wasStaged(StageContext context) {
        return context.load(STAGED).isPresent();
    }

    /**
     * Whether the restored file is the live one now. A rename keeps the inode, so it tells; on a platform without inodes the staged file's absence
     * must do, with the old file's presence under its dated name.
     */
    boolean isSwapped(StageContext context) throws IOException {
        Optional<byte[]> staged = context.load(STAGED);
        Optional<String> key = DatabaseFiles.keyOf(liveFiles().main());
        if (staged.isEmpty() || !liveFiles().exists()) {
            return false;
        }
        String expected = new String(staged.get(), StandardCharsets.UTF_8);
        return expected.isEmpty()
                ? !DurableFiles.exists(stagedFile())
                        && (!replaces || asideFiles().exists())
                : key.isPresent() && key.get().equals(expected);
    }

    DatabaseFiles liveFiles() {
        return new DatabaseFiles(Path.of(live));
    }

    DatabaseFiles asideFiles() {
        return new DatabaseFiles(Path.of(aside));
    }

    Path stagedFile() {
        return Path.of(staged);
    }

    Path stagingFolder() {
        return new DatabaseFiles(stagedFile()).folder();
    }
}
