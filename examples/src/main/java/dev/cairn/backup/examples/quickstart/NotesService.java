package dev.cairn.backup.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The host: notes in a database, attachments and configuration in files, sessions in memory. One lock guards all three, and each step writes its number to
 * a row, a file and the sessions under it. Thread-safe.
 */
final class NotesService {

    private final NotesPlace place;
    private final NotesDatabase database;
    private final NotesFiles files;
    private final BarrierCost barrierCost = new BarrierCost();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Sessions sessions = Sessions.none(0);
    private boolean quiet;

    NotesService(NotesPlace place) {
        this.place = place;
        this.database = new NotesDatabase(place);
        this.files = new NotesFiles(place);
    }

    /**
     * Opens the service. The database decides which step was the last; a step whose files were not written before a crash is completed. Nobody is logged in
     * after a start.
     */
    void open() throws IOException, SQLException {
        Files.createDirectories(place.database().getParent());
        files.open();
        database.open();
        long counter = database.counter();
        if (counter > 0) {
            files.apply(new Change(counter));
        }
        sessions = Sessions.none(counter);
    }

    /** Does the next step, unless a restore is in progress. */
    void step() throws IOException, SQLException {
        lock.lock();
        try {
            if (!quiet) {
                Change next = new Change(sessions.counter() + 1);
                database.apply(next);
                files.apply(next);
                sessions = sessions.after(next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The barrier: while the action runs, nothing changes. */
    void whileQuiet(Runnable action) {
        lock.lock();
        long start = System.nanoTime();
        try {
            action.run();
        } finally {
            long held = System.nanoTime() - start;
            lock.unlock();
            barrierCost.add(held);
        }
    }

    /** The last step: the version that snapshots carry. */
    long version() {
        return sessions.counter();
    }

    Sessions sessions() {
        return sessions;
    }

    void replaceSessions(Sessions restored) {
        sessions = restored;
    }

    /** Before restored data becomes live: no more steps, no connection left. */
    void suspend() {
        lock.lock();
        try {
            quiet = true;
            database.close();
        } catch (SQLException e) {
            throw new IllegalStateException("a connection to " + place.database() + " did not close", e);
        } finally {
            lock.unlock();
        }
    }

    /** After it became live, or after the old data came back. */
    void resume() {
        lock.lock();
        try {
            database.open();
            quiet = false;
        } catch (SQLException e) {
            throw new IllegalStateException("no connection to " + place.database(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Whether row, file and sessions tell the same step. */
    boolean countersAgree() {
        lock.lock();
        try {
            return database.counter() == version() && files.counter() == version();
        } catch (SQLException e) {
            throw new IllegalStateException("the counter cannot be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    void close() throws SQLException {
        database.close();
    }

    NotesPlace place() {
        return place;
    }

    BarrierCost barrierCost() {
        return barrierCost;
    }
}
