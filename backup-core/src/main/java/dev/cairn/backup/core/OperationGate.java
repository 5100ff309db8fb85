package dev.cairn.backup.core;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets one operation in at a time. A second snapshot waits for the first; nothing waits for a restore, which may last and whose host is half down. */
final class OperationGate {

    private final ReentrantLock lock = new ReentrantLock(true);
    private volatile boolean restoring;
    private volatile boolean closed;
    private volatile @Nullable CancellationToken running;

    /** Runs the work when it is its turn. */
    <T> T enter(String operation, Supplier<T> work) {
        refuse(operation);
        if (lock.isHeldByCurrentThread()) {
            throw new BackupBusyException(
                    "The thread that asks for " + operation + " is in the middle of another operation of this manager",
                    "Do not call the manager from its own barrier, datasets or listeners");
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException(operation);
        }
        try {
            refuse(operation);
            return work.get();
        } finally {
            running = null;
            lock.unlock();
        }
    }

    /** The same for a restore: while it runs, others are refused instead of waiting. */
    <T> T enterRestore(Supplier<T> work) {
        return enter("a restore", () -> {
            restoring = true;
            try {
                return work.get();
            } finally {
                restoring = false;
            }
        });
    }

    /** Told by the operation that runs how it can be stopped. */
    void canBeStoppedBy(CancellationToken token) {
        running = token;
    }

    /** A token by which the operation that asks for it can be stopped. */
    CancellationToken stoppable() {
        CancellationToken token = new CancellationToken();
        canBeStoppedBy(token);
        return token;
    }

    /** Asks the operation that runs to stop, if it can be asked. */
    void stopRunning() {
        CancellationToken token = running;
        if (token != null) {
            token.cancel();
        }
    }

    /** Lets nothing in any more. */
    void close() {
        closed = true;
    }

    boolean isRestoring() {
        return restoring;
    }

    /** Waits until the operation that runs has ended; answers whether it has. */
    boolean awaitIdle(Duration atMost) {
        long deadline = System.nanoTime() + Math.max(0, atMost.toNanos());
        boolean interrupted = false;
        boolean idle = false;
        while (!idle) {
            try {
                idle = lock.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                break;
            } catch (InterruptedException e) {
                interrupted = true; // The stores must not be closed under an operation because someone is impatient.
            }
        }
        if (idle) {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return idle;
    }

    /** Whether an operation runs or waits for its turn now. */
    boolean isBusy() {
        return lock.isLocked();
    }

    /** Whether no operation runs now. */
    boolean isIdle() {
        return !restoring && awaitIdle(Duration.ZERO);
    }

    private void refuse(String operation) {
        if (closed) {
            throw new BackupBusyException(
                    "The manager is closed, so " + operation + " is not possible", "Open a new one");
        }
        if (restoring) {
            throw new BackupBusyException(
                    "A restore is in progress, so " + operation + " is not possible", "Try again when it has ended");
        }
    }
}
