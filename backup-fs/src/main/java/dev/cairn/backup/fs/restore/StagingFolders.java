package dev.cairn.backup.fs.restore;

import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.spi.EntryPath;
import java.nio.file.Path;

/**
 * The names of a restore: all in the folder of the live data, so that every move is a rename within one file system.
 *
 * @param live the folder of the live data
 * @param suffix the end of the names
 */
record StagingFolders(Path live, String suffix) {

    static final String TRASH = Selection.RESERVED + "trash-";

    /** The journal of the swap, inside the trash; a name that is in no dataset. */
    static final String JOURNAL = Selection.RESERVED + "swap.json";

    static final String DONE = Selection.RESERVED + "done-";

    static StagingFolders of(RestoreKey key) {
        return new StagingFolders(key.folder(), key.suffix());
    }

    /** Everything of a restore that has not ended. */
    Path base() {
        return live.resolve(Selection.RESERVED + suffix);
    }

    Path journal() {
        return base().resolve("journal.json");
    }

    Path stage() {
        return base().resolve("stage");
    }

    Path trash() {
        return base().resolve("trash");
    }

    /** What {@link #base} is renamed to when nothing of it is needed any more: one step that ends the restore. */
    Path done() {
        return live.resolve(DONE + suffix);
    }

    /** Where the old data stays. */
    Path keptTrash() {
        return live.resolve(TRASH + suffix);
    }

    static Path journalIn(Path trash) {
        return trash.resolve(JOURNAL);
    }

    static Path in(Path root, EntryPath path) {
        return path.isRoot() ? root : root.resolve(path.value());
    }
}
