package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.time.Instant;

/**
 * How one source stands, and since when: a value that a host keeps in its state.
 *
 * @param source its name, not blank
 * @param state how it stands
 * @param since when it got there
 */
public record SourceHealth(String source, SourceState state, Instant since) {

    /** @throws InvalidValueException if the name is blank */
    public SourceHealth {
        if (source.isBlank()) {
            throw new InvalidValueException("source", source, "a name that is not blank");
        }
    }

    /** A source that is new. */
    public static SourceHealth registered(String source, Instant at) {
        return new SourceHealth(source, SourceState.PENDING, at);
    }

    /**
     * The source after a signal. One that changes nothing leaves {@code since} as it was.
     *
     * @throws SourceTransitionException if the state refuses the signal
     */
    public SourceHealth on(SourceSignal signal, Instant at) {
        SourceState next = state.after(signal).orElseThrow(() -> new SourceTransitionException(source, state, signal));
        return next == state ? this : new SourceHealth(source, next, at);
    }

    /**
     * How long it has been in its state; zero if the clock was set back since.
     *
     * @param now the present time
     */
    public Duration lasting(Instant now) {
        return now.isBefore(since) ? Duration.ZERO : Duration.between(since, now);
    }
}
