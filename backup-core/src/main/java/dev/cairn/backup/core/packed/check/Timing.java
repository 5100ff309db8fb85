package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.RepositoryCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How much of a check's time is left, and what time it is. Thread-safe if what it asks is. */
final class Timing {

    /** What a check that dies has found in its last minute is looked for again. */
    static final long SAVE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier ticker;
    private final InstantSource clock;
    private final Optional<Duration> budget;
    private final long start;

    Timing(LongSupplier ticker, InstantSource clock, RepositoryCheck check) {
        this.ticker = ticker;
        this.clock = clock;
        this.budget = check.budget();
        this.start = ticker.getAsLong();
    }

    /** Time by this machine. */
    static Timing of(RepositoryCheck check) {
        return new Timing(System::nanoTime, InstantSource.system(), check);
    }

    long nanos() {
        return ticker.getAsLong();
    }

    Instant now() {
        return clock.instant();
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos() - start);
    }

    /** Whether the budget is not used up. */
    boolean isLeft() {
        return budget.isEmpty() || elapsed().compareTo(budget.get()) < 0;
    }
}
