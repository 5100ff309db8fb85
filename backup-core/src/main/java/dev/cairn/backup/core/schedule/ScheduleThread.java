package dev.cairn.backup.core.schedule;

import dev.cairn.backup.core.work.Ending;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that waits for schedules, or for what else recurs. It looks at least once a minute, so that a changed wall clock is noticed. */
public final class ScheduleThread {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleThread.class);
    private static final Duration LONGEST_NAP = Duration.ofMinutes(1);
    private static final Duration SHORTEST_NAP = Duration.ofMillis(10);

    private final Runnable runIfDue;
    private final Supplier<Optional<Duration>> untilNext;
    private final Thread thread;
    private final Ending ending = new Ending();

    /** Makes the thread; {@link #start} starts it. */
    public ScheduleThread(Schedules schedules, ThreadFactory threads) {
        this(schedules::runIfDue, schedules::untilNext, threads);
    }

    /** The same for what else recurs. */
    public ScheduleThread(Recurring recurring, ThreadFactory threads) {
        this(recurring::runIfDue, recurring::untilNext, threads);
    }

    private ScheduleThread(Runnable runIfDue, Supplier<Optional<Duration>> untilNext, ThreadFactory threads) {
        this.runIfDue = runIfDue;
        this.untilNext = untilNext;
        this.thread = threads.newThread(this::work);
    }

    /** Begins to run what is due. */
    public void start() {
        thread.start();
    }

    /** Begins no further run; one that is under way goes on. */
    public void stop() {
        ending.tell();
    }

    private void work() {
        while (!ending.isTold()) {
            ending.within(runAndLookAhead());
        }
    }

    /** What nobody foresaw must not come again and again without a pause. */
    private Duration runAndLookAhead() {
        try {
            runIfDue.run();
            return bounded(untilNext.get().orElse(LONGEST_NAP));
        } catch (RuntimeException | Error e) {
            LOG.error("The schedules' thread met an unexpected error and goes on", e);
            return LONGEST_NAP;
        }
    }

    private static Duration bounded(Duration wanted) {
        Duration nap = wanted.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : wanted;
        return nap.compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : nap;
    }
}
