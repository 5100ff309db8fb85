package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.testkit.SettableTicker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RestingPaceTest {

    private final OperationGate gate = new OperationGate();
    private final SettableTicker ticker = SettableTicker.create();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final RestingPace pace = new RestingPace(gate, ticker, Duration.ofSeconds(10), closed::get);

    @Test
    void endsWithItsBudget() {
        assertTrue(pace.goesOn());
        ticker.advance(Duration.ofSeconds(10));
        assertFalse(pace.goesOn());
    }

    @Test
    void restsWhileAnOperationRunsAndItsRestDoesNotCount() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread operation = new Thread(() -> gate.enter("a snapshot", () -> {
            running.countDown();
            await(end);
            return "done";
        }));
        operation.start();
        running.await();
        StringBuffer order = new StringBuffer();
        Thread reader = new Thread(() -> {
            pace.rest();
            order.append("read ");
        });
        reader.start();
        awaitBlocked(reader);
        ticker.advance(Duration.ofSeconds(60));
        order.append("snapshot ");
        end.countDown();
        operation.join();
        reader.join();
        assertEquals("snapshot read ", order.toString());
        assertTrue(pace.goesOn(), "the minute was the snapshot's");
    }

    @Test
    void endsAtOnceWhenTheManagerCloses() {
        closed.set(true);
        assertFalse(pace.goesOn());
        assertThrows(BackupCancelledException.class, pace::rest);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitBlocked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
