package dev.cairn.backup.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** Runs one phase within what it is allowed. Whatever happens in it becomes an outcome. */
final class PhaseRunner {

    private final LongSupplier ticker;
    private final ActionRunner runner;
    private volatile Optional<Thread> acting = Optional.empty();

    PhaseRunner(LongSupplier ticker, ActionRunner runner) {
        this.ticker = ticker;
        this.runner = runner;
    }

    PhaseOutcome run(PhaseStep step, Duration allowed) {
        Deadline deadline = Deadline.in(allowed, ticker);
        PhaseOutcome givenUp = new PhaseOutcome.Failed(
                "was given up after " + allowed + " and may still be running", Optional.empty());
        AtomicReference<PhaseOutcome> answer = new AtomicReference<>();
        try {
            boolean ended = runner.run(
                    () -> {
                        acting = Optional.of(Thread.currentThread());
                        answer.set(step.run(deadline));
                    },
                    allowed);
            // An answer that comes after it was given up does not count.
            return ended ? Optional.ofNullable(answer.get()).orElse(givenUp) : givenUp;
        } catch (Throwable e) {
            return new PhaseOutcome.Failed(e.toString(), Optional.of(e));
        } finally {
            acting = Optional.empty();
        }
    }

    /** Whether the calling thread is inside a phase. */
    boolean isActing() {
        return acting.filter(thread -> thread == Thread.currentThread()).isPresent();
    }
}
