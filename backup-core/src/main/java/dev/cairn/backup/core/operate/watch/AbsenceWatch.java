package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.core.work.Ending;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds, on a thread of its own: the thread that runs schedules cannot tell that it hangs itself, in a snapshot that waits for a host's lock or a dead mount.
 */
final class AbsenceWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AbsenceWatch.class);

    private final Duration between;
    private final Ending ending = new Ending();

    AbsenceWatch() {
        this(Duration.ofSeconds(10));
    }

    AbsenceWatch(Duration between) {
        this.between = between;
    }

    /** Looks from now on, until {@link #close}. */
    void start(ThreadFactory threads, Runnable look) {
        threads.newThread(() -> work(look)).start();
    }

    private void work(Runnable look) {
        while (!ending.within(between)) {
            try {
                look.run();
            } catch (RuntimeException | Error e) { // Must not end the one thread that would tell.
                LOG.warn("Looking after health failed, it is done again", e);
            }
        }
    }

    @Override
    public void close() {
        ending.tell();
    }
}
