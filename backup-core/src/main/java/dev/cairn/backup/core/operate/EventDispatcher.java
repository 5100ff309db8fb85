package dev.cairn.backup.core.operate;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.Progress;
import dev.cairn.backup.ProgressListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events and progress to listeners, in order, on one thread of its own, so that a slow or failing listener never holds up a snapshot. The queue is
 * bounded; when it is full the oldest is dropped and counted. Without a thread factory the thread that causes an event also delivers it.
 */
public final class EventDispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);
    private static final int CAPACITY = 1024;
    private static final long CLOSING_SECONDS = 5;

    private final List<BackupListener> listeners;
    private final BackupListener trail;
    private final @Nullable Thread thread;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;
    private long dropped;

    /**
     * @param listeners told of events
     * @param threads makes the thread; null for a host that allows none
     */
    public EventDispatcher(List<BackupListener> listeners, @Nullable ThreadFactory threads) {
        this(listeners, event -> {}, threads);
    }

    /** @param trail told of each event before {@link #publish} returns, on its thread, so that no queue can lose it */
    public EventDispatcher(List<BackupListener> listeners, BackupListener trail, @Nullable ThreadFactory threads) {
        this.listeners = List.copyOf(listeners);
        this.trail = trail;
        this.thread = threads == null ? null : threads.newThread(this::work);
        if (thread != null) {
            thread.start();
        }
    }

    /** Logs an event by its severity and hands it to all listeners. */
    public void publish(BackupEvent event) {
        switch (event.severity()) {
            case INFO -> LOG.info("{}", event.describe());
            case WARN, DEGRADED -> LOG.warn("{}", event.describe());
            case ESCALATE -> LOG.error("{}", event.describe());
        }
        deliver(() -> trail.onEvent(event));
        if (!listeners.isEmpty()) {
            enqueue(() -> listeners.forEach(listener -> deliver(() -> listener.onEvent(event))));
        }
    }

    /** Hands progress to its listener. */
    public void progress(ProgressListener listener, Progress progress) {
        if (listener != ProgressListener.NONE) {
            enqueue(() -> deliver(() -> listener.onProgress(progress)));
        }
    }

    /** How many deliveries slow listeners have lost. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Runnable delivery) {
        if (thread == null) {
            delivery.run();
            return;
        }
        lock.lock();
        try {
            if (queue.size() == CAPACITY) {
                queue.removeFirst();
                dropped++;
                if (Long.bitCount(dropped) == 1) {
                    LOG.warn("Listeners are too slow: {} deliveries were dropped so far", dropped);
                }
            }
            queue.addLast(delivery);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void deliver(Runnable delivery) {
        try {
            delivery.run();
        } catch (RuntimeException | Error e) { // Also an Error must not end the thread that all later events need.
            LOG.warn("A listener failed", e);
        }
    }

    private void work() {
        for (Runnable next = take(); next != null; next = take()) {
            next.run();
        }
    }

    private @Nullable Runnable take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return queue.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Delivers what is queued, for at most five seconds, and ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread != null && thread != Thread.currentThread()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
