package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets one of the library's threads walk on while the caller deals with the entries before: where little has changed, the walk is more than half of a
 * snapshot's time. The entries, their order and the place of an error among them are those of the walk. At most {@value #MOST_AHEAD} entries and what is
 * being found wait: what is looked at long before it is read may be gone by then. For one thread; only {@link #close} may come from any.
 */
final class WalkAhead implements EntryCursor {

    /** So many entries the caller walks itself: a small tree is not worth a thread. */
    static final int ALONE = 256;

    static final int MOST_AHEAD = 1024;

    /** Handed over together, so that the threads seldom wait for each other. */
    private static final int BATCH = 128;

    private final EntryCursor walk;
    private final CaptureWalk listener;
    private int alone;
    private List<Entry> batch = List.of();
    private int taken;

    // Guarded by this.
    private final Deque<List<Entry>> ahead = new ArrayDeque<>();
    private boolean started;
    private boolean complete;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;

    /**
     * @param walk used by one thread after the other
     * @param listener what it listens to, to end it
     */
    WalkAhead(EntryCursor walk, CaptureWalk listener) {
        this.walk = walk;
        this.listener = listener;
    }

    /** @throws dev.cairn.backup.BackupCancelledException if it had to wait and was interrupted; the flag is kept */
    @Override
    public @Nullable Entry next() {
        if (alone < ALONE) {
            alone++;
            return walk.next();
        }
        if (taken == batch.size()) {
            batch = take();
            taken = 0;
        }
        return batch.isEmpty() ? null : batch.get(taken++);
    }

    /** The next entries; none after the last. */
    private synchronized List<Entry> take() {
        if (!started && !closed) {
            FileIo.begin(this::walkOn);
            started = true;
        }
        while (ahead.isEmpty() && !ended && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                listener.throwIfCancelled();
            }
        }
        if (closed) {
            throw new IllegalStateException("the cursor is closed");
        }
        List<Entry> next = ahead.poll();
        notifyAll();
        return next != null ? next : end();
    }

    private synchronized List<Entry> end() {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (!complete) {
            throw new IllegalStateException("the walk ended half way");
        }
        return List.of();
    }

    private void walkOn() {
        try {
            boolean more = true;
            while (more) {
                List<Entry> found = new ArrayList<>(BATCH);
                boolean left = false;
                try {
                    left = find(found);
                } finally {
                    more = put(found) && left; // Also before a failure: it comes after what was found.
                }
            }
            ended(true, null);
        } catch (RuntimeException | Error e) {
            ended(false, e);
        }
    }

    /** Whether there may be more. */
    private boolean find(List<Entry> found) {
        while (found.size() < BATCH) {
            Entry entry = walk.next();
            if (entry == null) {
                return false;
            }
            found.add(entry);
        }
        return true;
    }

    /** Whether more is wanted. */
    private synchronized boolean put(List<Entry> found) {
        while (ahead.size() >= MOST_AHEAD / BATCH && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the library's threads", e);
            }
        }
        if (!found.isEmpty() && !closed) {
            ahead.add(found);
            notifyAll();
        }
        return !closed;
    }

    private synchronized void ended(boolean all, @Nullable Throwable thrown) {
        complete = all;
        failure = thrown;
        ended = true;
        notifyAll();
    }

    /** When it returns, the tree is not looked at any more. Idempotent; waits for the end of a look or two whatever interrupts come. */
    @Override
    public synchronized void close() {
        closed = true;
        listener.stop();
        notifyAll();
        boolean interrupted = false;
        while (started && !ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        ahead.clear();
        walk.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
