package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActionRunnerTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ActionRunner runner = ActionRunner.on(threads);

    @AfterEach
    void everyThreadEnds() throws InterruptedException {
        threads.shutdown();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
        assertFalse(Thread.interrupted());
    }

    @Test
    void anActionRunsOnAThreadOfTheExecutor() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        assertTrue(runner.run(() -> ran.set(Thread.currentThread()), LONG));
        assertNotSame(Thread.currentThread(), ran.get());
    }

    @Test
    void anActionRunsOnTheCallersThreadAndIsNeverGivenUp() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        assertTrue(ActionRunner.onCallerThread().run(() -> ran.set(Thread.currentThread()), Duration.ZERO));
        assertSame(Thread.currentThread(), ran.get());
    }

    @Test
    void anActionThatHangsIsInterruptedAndGivenUp() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        boolean ended = runner.run(
                () -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                },
                Duration.ofMillis(200));
        assertFalse(ended);
        // On a starved machine it may be given up before it began; then it never runs.
        if (begun.getCount() == 0) {
            assertTrue(interrupted.await(1, TimeUnit.MINUTES));
        }
    }

    @Test
    void whatAnActionThrowsComesOutAsItIs() {
        IOException checked = new IOException("disk");
        assertSame(checked, assertThrows(IOException.class, () -> runner.run(throwing(checked), LONG)));
        IllegalStateException unchecked = new IllegalStateException();
        assertSame(unchecked, assertThrows(IllegalStateException.class, () -> runner.run(throwing(unchecked), LONG)));
        NoClassDefFoundError error = new NoClassDefFoundError();
        assertSame(
                error,
                assertThrows(
                        NoClassDefFoundError.class,
                        () -> runner.run(
                                () -> {
                                    throw error;
                                },
                                LONG)));
    }

    @Test
    void anInterruptOfTheExecutorsThreadIsNotTakenForOneOfTheCaller() {
        ExecutionException wrapped = assertThrows(
                ExecutionException.class, () -> runner.run(throwing(new InterruptedException("theirs")), LONG));
        assertInstanceOf(InterruptedException.class, wrapped.getCause());
    }

    @Test
    void aCallerThatIsInterruptedGivesTheActionUp() {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        assertThrows(
                InterruptedException.class,
                () -> runner.run(
                        () -> {
                            begun.countDown();
                            caller.interrupt();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        },
                        LONG));
        assertEquals(0, begun.getCount());
        assertTrue(ended(interrupted));
    }

    private static boolean ended(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LifecycleAction throwing(Exception exception) {
        return () -> {
            throw exception;
        };
    }
}
