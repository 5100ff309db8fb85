package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.BackupBusyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that come while lines are being forced share the next force. Whoever finds nobody writing writes for all that wait. Thread-safe; an
 * interrupt ends no wait and the flag is kept.
 */
final class GroupCommit {

    /** Lines written together at most, so that a batch fits into memory. */
    static final int MAX_LINES = 1000;

    private final Function<List<Draft>, List<AuditPosition>> writer;
    private final String describe;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Request> waiting = new ArrayDeque<>();
    private boolean writing;
    private boolean closed;

    /**
     * @param writer makes lines durable; called by one thread at a time
     */
    GroupCommit(Function<List<Draft>, List<AuditPosition>> writer, String describe) {
        this.writer = writer;
        this.describe = describe;
    }

    /**
     * Writes lines, together with those of others.
     *
     * @param lines at most {@link #MAX_LINES}
     */
    List<AuditPosition> write(List<Draft> lines) {
        Request mine = new Request(lines);
        lock.lock();
        try {
            requireOpen();
            waiting.add(mine);
            while (!mine.isDone()) {
                if (writing) {
                    changed.awaitUninterruptibly();
                } else {
                    writeNext();
                }
            }
        } finally {
            lock.unlock();
        }
        return mine.result();
    }

    /** Does what must not happen beside a write, nor twice at once. */
    <T> T alone(Supplier<T> action) {
        lock.lock();
        try {
            while (writing) {
                changed.awaitUninterruptibly();
            }
            requireOpen();
            writing = true;
        } finally {
            lock.unlock();
        }
        try {
            return action.get();
        } finally {
            ended();
        }
    }

    /** With the lock held, which is let go while the writer works. */
    private void writeNext() {
        List<Request> batch = new ArrayList<>();
        List<Draft> lines = new ArrayList<>();
        while (!waiting.isEmpty()
                && (batch.isEmpty() || lines.size() + waiting.peek().lines.size() <= MAX_LINES)) {
            Request next = waiting.remove();
            batch.add(next);
            lines.addAll(next.lines);
        }
        writing = true;
        lock.unlock();
        List<AuditPosition> positions = List.of();
        Throwable failure = null;
        try {
            positions = writer.apply(lines);
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            lock.lock();
            writing = false;
            changed.signalAll();
        }
        int from = 0;
        for (Request request : batch) {
            int to = from + request.lines.size();
            request.failure = failure;
            request.positions = failure == null ? List.copyOf(positions.subList(from, to)) : List.of();
            from = to;
        }
    }

    private void ended() {
        lock.lock();
        try {
            writing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is being written; later calls fail. Answers whether it was open. */
    boolean close() {
        lock.lock();
        try {
            boolean wasOpen = !closed;
            closed = true;
            while (writing || !waiting.isEmpty()) {
                changed.awaitUninterruptibly();
            }
            return wasOpen;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new BackupBusyException("The audit log " + describe + " is closed", "Open it again");
        }
    }

    /** The lines of one caller. Its fields are guarded by the lock. */
    private static final class Request {
        private final List<Draft> lines;
        private @Nullable List<AuditPosition> positions;
        private @Nullable Throwable failure;

        private Request(List<Draft> lines) {
            this.lines = List.copyOf(lines);
        }

        private boolean isDone() {
            return positions != null;
        }

        private List<AuditPosition> result() {
            Throwable failed = failure;
            if (failed instanceof Error error) {
                throw error;
            }
            if (failed instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            return Objects.requireNonNull(positions);
        }
    }
}
