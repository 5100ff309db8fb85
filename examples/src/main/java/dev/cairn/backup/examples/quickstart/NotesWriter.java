package dev.cairn.backup.examples.quickstart;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The thread that writes all the time, about 500 steps a second where the disk keeps up. */
final class NotesWriter implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final NotesService service;
    private final Thread thread = new Thread(this::run, "notes-writer");
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    private NotesWriter(NotesService service) {
        this.service = service;
    }

    static NotesWriter start(NotesService service) {
        NotesWriter writer = new NotesWriter(service);
        writer.thread.setDaemon(true);
        writer.thread.start();
        return writer;
    }

    private void run() {
        try {
            while (!stopped) {
                service.step();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException | SQLException | RuntimeException e) {
            failure = e;
        }
    }

    /** Waits until so many more steps are done. */
    void awaitSteps(long more) throws InterruptedException {
        long goal = service.version() + more;
        while (service.version() < goal) {
            requireNoFailure();
            thread.join(5);
        }
    }

    /**
     * Stops after the step that it is doing.
     *
     * @throws IllegalStateException if it had failed
     */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requireNoFailure();
    }

    private void requireNoFailure() {
        Exception failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the writer failed at step " + (service.version() + 1), failed);
        }
    }
}
