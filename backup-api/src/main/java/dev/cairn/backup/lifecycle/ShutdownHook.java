package dev.cairn.backup.lifecycle;

import dev.cairn.backup.BackupBusyException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Has the JVM run a shutdown when the process is asked to end (SIGTERM, Ctrl-C, {@code System.exit}); not when it is killed or halts. The only class of this
 * package that has to do with the JVM. Thread-safe.
 *
 * <p>Hooks run beside each other in no order, so what the phases need (a pool, a log) must not have a hook of its own that takes it down.
 */
public final class ShutdownHook {

    private final Thread thread;

    private ShutdownHook(Thread thread) {
        this.thread = thread;
    }

    /**
     * Registers with the JVM. If the sequence has been run by then, the hook only hands out its record.
     *
     * @param sequence what to run
     * @param threads makes the thread, which the JVM starts; such as {@code Thread::new}
     * @param afterwards told how it went, on that thread; what it throws goes to the thread's handler
     * @throws BackupBusyException if the JVM is shutting down already; nothing was registered
     */
    public static ShutdownHook install(
            ShutdownSequence sequence, ThreadFactory threads, Consumer<ShutdownRecord> afterwards) {
        Thread thread = threads.newThread(() -> afterwards.accept(sequence.run()));
        try {
            Runtime.getRuntime().addShutdownHook(thread);
        } catch (IllegalStateException e) {
            throw new BackupBusyException(
                    "The JVM is shutting down already", "Run the shutdown on this thread instead");
        }
        return new ShutdownHook(thread);
    }

    /**
     * Takes it back, so that a host that was closed can be collected. Idempotent.
     *
     * @return whether it was registered until now; false also when the JVM is shutting down, for then the hook runs
     */
    public boolean remove() {
        try {
            return Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
