package dev.cairn.backup.cli;

import dev.cairn.backup.CancellationToken;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C and SIGTERM do: the running operation is asked to stop, and the JVM waits for its end, so that nothing is left half done. The JVM itself gives the exit code, 128 and the number of the signal.
 */
final class Interruption {

    /** Whoever does not stop by then is as if it had been killed, which a repository survives as well. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CancellationToken token;
    private final Thread worker;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Interruption(CancellationToken token, Thread worker) {
        this.token = token;
        this.worker = worker;
    }

    /** Watches over the calling thread. */
    static Interruption of(CancellationToken token) {
        Interruption interruption = new Interruption(token, Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::stop, "cairn-interruption"));
        return interruption;
    }

    /** There is nothing left to stop. */
    void ended() {
        ended.countDown();
    }

    private void stop() {
        if (ended.getCount() == 0) {
            return;
        }
        token.cancel();
        worker.interrupt();
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("cairn: what was running did not stop within " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
