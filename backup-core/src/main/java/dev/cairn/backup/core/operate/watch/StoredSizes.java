package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.StoredSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The sizes that a repository had. Of a week one an hour is remembered, at most 168. When to measure is decided by the monotonic clock, never more than a thousandth of the time is spent on it.
 * Thread-safe; reads no clock.
 */
final class StoredSizes {

    static final Duration BETWEEN = Duration.ofMinutes(15);
    private static final Duration STEP = Duration.ofHours(1);
    private static final Duration REACH = Duration.ofDays(7);
    private static final int COST = 1000;

    private record Sample(long nanos, long bytes) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable StoredSize last;
    private @Nullable Long dueNanos;

    /** Whether it is time to measure again; whoever is told so does it, and nobody else meanwhile. */
    synchronized boolean isDue(long nowNanos) {
        if (dueNanos != null && nowNanos - dueNanos < 0) {
            return false;
        }
        dueNanos = nowNanos + BETWEEN.toNanos();
        return true;
    }

    /**
     * The repository has that size.
     *
     * @param took how long it took to find out
     */
    synchronized void measured(long bytes, Instant now, long nowNanos, Duration took) {
        while (!samples.isEmpty() && nowNanos - samples.getFirst().nanos() > REACH.toNanos()) {
            samples.removeFirst();
        }
        last = new StoredSize(bytes, now, perDay(bytes, nowNanos));
        if (samples.isEmpty() || nowNanos - samples.getLast().nanos() >= STEP.toNanos()) {
            samples.addLast(new Sample(nowNanos, bytes));
        }
        dueNanos = nowNanos + Math.max(BETWEEN.toNanos(), took.toNanos() * COST);
    }

    private OptionalLong perDay(long bytes, long nowNanos) {
        if (samples.isEmpty() || nowNanos - samples.getFirst().nanos() < STEP.toNanos()) {
            return OptionalLong.empty();
        }
        Sample first = samples.getFirst();
        double days = (double) (nowNanos - first.nanos()) / Duration.ofDays(1).toNanos();
        return OptionalLong.of(Math.round((bytes - first.bytes()) / days));
    }

    synchronized Optional<StoredSize> last() {
        return Optional.ofNullable(last);
    }
}
