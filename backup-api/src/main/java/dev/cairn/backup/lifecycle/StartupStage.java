package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * One stage of a host's start.
 *
 * @param name its name, not blank
 * @param start starts it. If it throws, it has cleaned up after itself: {@code stop} is not called
 * @param probe tells when it is ready
 * @param stop stops it. Called once for each {@code start} that returned, and also after one that was given up or interrupted half way, which it has to bear
 * @param timeout how long waiting for its dependencies, its start and its readiness may take together, and how long its stop may take; more than zero,
 *     at most {@link Deadline#LONGEST}
 */
public record StartupStage(
        String name, LifecycleAction start, ReadinessProbe probe, LifecycleAction stop, Duration timeout) {

    /** How long a stage may take unless it says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** @throws InvalidValueException if the name is blank or the timeout out of bounds */
    public StartupStage {
        if (name.isBlank()) {
            throw new InvalidValueException("stage", name, "a name that is not blank");
        }
        Deadline.checked("timeout of stage " + name, timeout);
    }

    /**
     * A stage that is ready as soon as it has started and needs no stop.
     *
     * @param name its name, not blank
     * @param start starts it
     */
    public static StartupStage of(String name, LifecycleAction start) {
        return new StartupStage(name, start, ReadinessProbe.atOnce(), LifecycleAction.none(), DEFAULT_TIMEOUT);
    }

    /** Ready when the probe says so. */
    public StartupStage readyWhen(ReadinessProbe value) {
        return new StartupStage(name, start, value, stop, timeout);
    }

    /** Stopped like this. */
    public StartupStage stoppedBy(LifecycleAction value) {
        return new StartupStage(name, start, probe, value, timeout);
    }

    /** With this much time to become ready, and as much to stop. */
    public StartupStage within(Duration value) {
        return new StartupStage(name, start, probe, stop, value);
    }
}
