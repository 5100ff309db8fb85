package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.AlertEvent;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Changes on their way to the listener: in the order in which they were found, also when several threads look at once, and without holding anybody up. A listener that asks for health while it is
 * told does no harm. Thread-safe.
 */
final class Outbox {

    private final Consumer<AlertEvent> listener;
    private final Queue<AlertEvent> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock delivering = new ReentrantLock();

    Outbox(Consumer<AlertEvent> listener) {
        this.listener = listener;
    }

    /** Called under the lock that orders the looks. */
    void add(List<AlertEvent> changes) {
        waiting.addAll(changes);
    }

    /** Tells what waits, unless another thread does already: it takes what was added meanwhile along. */
    void deliver() {
        while (!waiting.isEmpty() && !delivering.isHeldByCurrentThread() && delivering.tryLock()) {
            try {
                for (AlertEvent next = waiting.poll(); next != null; next = waiting.poll()) {
                    listener.accept(next);
                }
            } finally {
                delivering.unlock();
            }
        }
    }
}
