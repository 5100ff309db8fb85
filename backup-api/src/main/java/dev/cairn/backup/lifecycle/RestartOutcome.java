package dev.cairn.backup.lifecycle;

import java.time.Duration;

/** What a supervisor does about a service that has failed. */
public sealed interface RestartOutcome {

    /**
     * It starts the service again.
     *
     * @param delay how long it waits first, by its monotonic clock
     */
    record RestartAfter(Duration delay) implements RestartOutcome {}

    /**
     * It leaves the service down.
     *
     * @param timeLeft how long still; then the service is started again with an empty history
     */
    record HoldDown(Duration timeLeft) implements RestartOutcome {}
}
