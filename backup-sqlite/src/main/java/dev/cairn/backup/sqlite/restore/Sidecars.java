package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import java.io.IOException;
import java.nio.file.Path;

/** The log and the journal of a database that must travel with its main file. The {@code -shm} never does: SQLite makes it anew. */
final class Sidecars {

    private Sidecars() {}

    /** Gives log and journal the other set's name, unless that name holds content of its own. Repeatable. */
    static void move(DatabaseFiles from, DatabaseFiles to) throws IOException {
        move(from.wal(), to.wal());
        move(from.journal(), to.journal());
    }

    /** Removes an empty log with its index, and an empty journal. */
    static void removeEmpty(DatabaseFiles files) throws IOException {
        if (DatabaseFiles.sizeOf(files.wal()) == 0) {
            DurableFiles.deleteDurably(files.wal());
            DurableFiles.deleteDurably(files.shm());
        }
        if (DatabaseFiles.sizeOf(files.journal()) == 0) {
            DurableFiles.deleteDurably(files.journal());
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (DurableFiles.exists(from) && DatabaseFiles.sizeOf(to) == 0) {
            DurableFiles.moveAtomically(from, to);
        }
    }
}
