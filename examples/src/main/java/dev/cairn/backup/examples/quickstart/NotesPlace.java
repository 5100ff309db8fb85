package dev.cairn.backup.examples.quickstart;

import java.nio.file.Path;

/**
 * Where one service keeps its things.
 *
 * @param folder the folder of the whole service
 */
record NotesPlace(Path folder) {

    /** The database. */
    Path database() {
        return folder.resolve("data").resolve("notes.db");
    }

    /** Configuration and attachments. */
    Path files() {
        return folder.resolve("data").resolve("files");
    }

    /** Where files are written before they are moved in: on the same disk as the files, and no part of what is backed up. */
    Path unfinished() {
        return folder.resolve("data").resolve("unfinished");
    }

    /** All that belongs to backups. In earnest, on another disk. */
    Path backups() {
        return folder.resolve("backup-home");
    }
}
