package dev.cairn.backup.core.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.Progress;
import dev.cairn.backup.ProgressListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventDispatcherTest {

    private static final int CAPACITY = 1024;
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final BackupListener recorder = event -> seen.add(event.describe());

    private record Numbered(int number) implements BackupEvent {
        @Override
        public Instant at() {
            return Instant.EPOCH;
        }

        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }

        @Override
        public String describe() {
            return String.valueOf(number);
        }
    }

    @Test
    void eventsArriveInOrderOnOneThreadThatIsNotTheCallers() {
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        EventDispatcher events =
                new EventDispatcher(List.of(recorder, event -> threads.add(Thread.currentThread())), Thread::new);
        IntStream.range(0, 500).forEach(n -> events.publish(new Numbered(n)));
        events.close();
        assertEquals(IntStream.range(0, 500).mapToObj(String::valueOf).toList(), seen);
        assertEquals(1, threads.stream().distinct().count());
        assertFalse(threads.contains(Thread.currentThread()));
    }

    @Test
    void whatTheQueueLosesTheTrailHasHeardOnThePublishersThread() {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch stuck = new CountDownLatch(1);
        EventDispatcher events = new EventDispatcher(
                List.of(event -> {
                    try {
                        stuck.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }),
                event -> threads.add(Thread.currentThread()),
                Thread::new);
        IntStream.range(0, 3000).forEach(n -> events.publish(new Numbered(n)));
        assertEquals(3000, threads.size());
        assertEquals(Set.of(Thread.currentThread()), Set.copyOf(threads));
        assertTrue(events.dropped() >= 3000 - 1024 - 1);
        stuck.countDown();
        events.close();
    }

    @Test
    void aTrailThatThrowsHoldsUpNothing() {
        EventDispatcher events = new EventDispatcher(
                List.of(recorder),
                event -> {
                    throw new IllegalStateException("the trail's own trouble");
                },
                Thread::new);
        events.publish(new Numbered(1));
        events.close();
        assertEquals(List.of("1"), seen);
    }

    @Test
    void aThrowingListenerKeepsNobodyElseFromHearing() {
        EventDispatcher events = new EventDispatcher(
                List.of(
                        event -> {
                            throw new IllegalStateException("a listener's own trouble");
                        },
                        recorder),
                Thread::new);
        events.publish(new Numbered(1));
        events.publish(new Numbered(2));
        events.close();
        assertEquals(List.of("1", "2"), seen);
    }

    @Test
    void aListenerThatThrowsAnErrorDoesNotEndTheThread() {
        EventDispatcher events = new EventDispatcher(
                List.of(
                        event -> {
                            throw new AssertionError("a listener's own trouble");
                        },
                        recorder),
                Thread::new);
        events.publish(new Numbered(1));
        events.publish(new Numbered(2));
        events.close();
        assertEquals(List.of("1", "2"), seen);
    }

    @Test
    void aSlowListenerLosesTheOldestWhichAreCounted() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        EventDispatcher events = new EventDispatcher(
                List.of(event -> {
                    inside.countDown();
                    await(goOn);
                    recorder.onEvent(event);
                }),
                Thread::new);
        events.publish(new Numbered(-1)); // This one is being delivered and takes no place in the queue.
        assertTrue(inside.await(120, TimeUnit.SECONDS));
        IntStream.range(0, CAPACITY + 7).forEach(n -> events.publish(new Numbered(n)));
        assertEquals(7, events.dropped());
        goOn.countDown();
        events.close();
        List<String> expected = new ArrayList<>(List.of("-1"));
        IntStream.range(7, CAPACITY + 7).forEach(n -> expected.add(String.valueOf(n)));
        assertEquals(expected, seen);
    }

    @Test
    void closingDeliversWhatIsQueuedAndIsIdempotent() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        EventDispatcher events = new EventDispatcher(
                List.of(event -> {
                    await(goOn);
                    recorder.onEvent(event);
                }),
                Thread::new);
        IntStream.range(0, 10).forEach(n -> events.publish(new Numbered(n)));
        goOn.countDown();
        events.close();
        events.close();
        assertEquals(10, seen.size());
    }

    @Test
    void aListenerMayCloseTheDispatcherItself() {
        CountDownLatch closed = new CountDownLatch(1);
        EventDispatcher[] self = new EventDispatcher[1];
        self[0] = new EventDispatcher(
                List.of(event -> {
                    self[0].close();
                    closed.countDown();
                }),
                Thread::new);
        self[0].publish(new Numbered(1));
        await(closed);
    }

    @Test
    void withoutThreadsTheCallerDelivers() {
        List<Thread> threads = new ArrayList<>();
        EventDispatcher events = new EventDispatcher(List.of(event -> threads.add(Thread.currentThread())), null);
        events.publish(new Numbered(1));
        assertEquals(1, threads.size());
        assertSame(Thread.currentThread(), threads.get(0));
        events.close();
    }

    @Test
    void progressGoesThroughTheSameQueue() {
        EventDispatcher events = new EventDispatcher(List.of(recorder), Thread::new);
        ProgressListener listener = progress -> seen.add("progress " + progress.entries());
        events.publish(new Numbered(1));
        events.progress(listener, new Progress("snapshot", "a", 5, 0, OptionalLong.empty(), Duration.ZERO));
        events.progress(
                ProgressListener.NONE, new Progress("snapshot", "a", 6, 0, OptionalLong.empty(), Duration.ZERO));
        events.progress(
                progress -> {
                    throw new IllegalStateException("a listener's own trouble");
                },
                new Progress("snapshot", "a", 7, 0, OptionalLong.empty(), Duration.ZERO));
        events.publish(new Numbered(2));
        events.close();
        assertEquals(List.of("1", "progress 5", "2"), seen);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(120, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
