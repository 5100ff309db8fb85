package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class BaseTakingTest {

    private final HealthBoard board = new HealthBoard();
    private final LinkedBlockingQueue<Integer> attempts = new LinkedBlockingQueue<>();

    /** Such as a heap that was full for a moment. */
    @Test
    void anErrorDoesNotEndTheTakingOfBases() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        try (BaseTaking bases = started(
                dataset -> {
                    int attempt = count.incrementAndGet();
                    attempts.add(attempt);
                    if (attempt == 1) {
                        throw new OutOfMemoryError("of a test");
                    }
                    return taken(dataset);
                },
                dataset -> false)) {
            bases.want("db", "a test wants one");
            assertEquals(1, attempts.poll(120, TimeUnit.SECONDS));
            assertEquals(2, attempts.poll(120, TimeUnit.SECONDS));
            long start = System.nanoTime();
            while (board.health(Optional.empty(), 0).status() != BackupHealth.Status.HEALTHY) {
                assertTrue(
                        System.nanoTime() - start < TimeUnit.SECONDS.toNanos(120),
                        () -> board.health(Optional.empty(), 0).problems().toString());
                Thread.onSpinWait();
            }
        }
    }

    /** A writer that never pauses makes each base wanted as soon as the last one is taken. */
    @Test
    void basesAreSpacedOutUnlessThereIsNone() throws InterruptedException {
        AtomicBoolean hasBase = new AtomicBoolean();
        AtomicInteger count = new AtomicInteger();
        try (BaseTaking bases = started(
                dataset -> {
                    hasBase.set(true);
                    attempts.add(count.incrementAndGet());
                    return taken(dataset);
                },
                dataset -> hasBase.get())) {
            bases.want("db", "a timeline begins");
            assertEquals(1, attempts.poll(120, TimeUnit.SECONDS));
            bases.want("db", "much was written");
            hasBase.set(false);
            bases.want("db", "another timeline begins");
            assertEquals(2, attempts.poll(120, TimeUnit.SECONDS), "at once, although one was to be taken later");
            bases.want("db", "much was written");
        }
        assertEquals(2, count.get(), "the last one was not due yet");
    }

    private BaseTaking started(Function<String, SnapshotMetadata> taking, Predicate<String> hasBase) {
        BaseTaking bases = new BaseTaking(
                taking,
                dataset -> Duration.ofHours(1),
                hasBase,
                board,
                new EventDispatcher(List.of(), null),
                () -> Instant.EPOCH);
        bases.start(work -> {
            Thread thread = new Thread(work, "test bases");
            thread.setDaemon(true);
            return thread;
        });
        return bases;
    }

    private static SnapshotMetadata taken(String dataset) {
        DatasetSummary summary = new DatasetSummary(
                dataset,
                "fake",
                true,
                1,
                1,
                Optional.empty(),
                Map.of(),
                Optional.of(new LogPosition("ab".repeat(16), 0)));
        return SnapshotMetadata.builder(SnapshotId.of("s1"), Instant.EPOCH)
                .datasets(List.of(summary))
                .build();
    }
}
