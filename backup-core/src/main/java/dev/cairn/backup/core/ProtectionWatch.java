package dev.cairn.backup.core;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.core.work.Ending;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after continuous protection once a second, on a thread of its own: begins it where the stores could not be reached at first, and notices what nobody reports, such as a source that
 * has stopped.
 */
final class ProtectionWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProtectionWatch.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MOST_SECONDS_BETWEEN_OPENINGS = 10;

    private final Protections protections;
    private final Runnable opening;
    private final Runnable look;
    private final Thread thread;
    private final Ending ending = new Ending();

    /**
     * @param opening opens both stores and begins to ship, or throws
     * @param look publishes what has changed
     */
    private ProtectionWatch(Protections protections, Runnable opening, Runnable look, ThreadFactory threads) {
        this.protections = protections;
        this.opening = opening;
        this.look = look;
        this.thread = threads.newThread(this::work);
    }

    /** Watches from now on; null if there is nothing to watch. */
    static @Nullable ProtectionWatch start(
            Protections protections, Runnable opening, Runnable look, @Nullable ThreadFactory threads) {
        if (protections.isEmpty() || threads == null) {
            return null;
        }
        ProtectionWatch watch = new ProtectionWatch(protections, opening, look, threads);
        watch.thread.start();
        return watch;
    }

    private void work() {
        int wait = 0;
        int between = 1;
        do {
            if (!protections.isBegun() && --wait <= 0) {
                quietly(() -> open(opening));
                wait = between;
                between = Math.min(2 * between, MOST_SECONDS_BETWEEN_OPENINGS);
            }
            quietly(look);
        } while (!ending.within(SECOND));
    }

    private void open(Runnable work) {
        try {
            work.run();
        } catch (BackupBusyException e) {
            LOG.debug("Continuous protection begins later", e); // A restore, or the end of the manager.
        } catch (BackupException e) {
            protections.notBegun(e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("Continuous protection met an unexpected error and is begun again", e);
            protections.notBegun(e.toString());
        }
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.debug("Looking after continuous protection failed, it is done again", e);
        }
    }

    @Override
    public void close() {
        ending.tell();
    }
}
