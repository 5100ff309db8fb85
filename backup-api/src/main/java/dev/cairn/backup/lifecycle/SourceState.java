package dev.cairn.backup.lifecycle;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a source of events stands. A stale one never becomes active by itself: it says hello, is pending, and is active once it has delivered. A revoked one
 * stays out, whatever it says, until the operator registers it again.
 */
public enum SourceState {
    /** Known, and not heard to work yet. Where a source that is registered begins. */
    PENDING,
    /** It delivers. */
    ACTIVE,
    /** It was known to work and has fallen silent, or it was restored from a snapshot. */
    STALE,
    /** The operator took it out. */
    REVOKED;

    /**
     * The state after a signal; empty if the signal is refused in this one. Signals that come twice change nothing: hello is said again after a
     * connection was lost, and timers that notice silence do not stop at the first time.
     */
    public Optional<SourceState> after(SourceSignal signal) {
        return switch (this) {
            case PENDING ->
                switch (signal) {
                    case HELLO -> Optional.of(PENDING);
                    case CONFIRMED -> Optional.of(ACTIVE);
                    case LAPSED -> Optional.of(STALE);
                    case REVOKED -> Optional.of(REVOKED);
                    case REGISTERED -> Optional.empty();
                };
            case ACTIVE ->
                switch (signal) {
                    case HELLO, CONFIRMED -> Optional.of(ACTIVE);
                    case LAPSED -> Optional.of(STALE);
                    case REVOKED -> Optional.of(REVOKED);
                    case REGISTERED -> Optional.empty();
                };
            case STALE ->
                switch (signal) {
                    case HELLO -> Optional.of(PENDING);
                    case LAPSED -> Optional.of(STALE);
                    case REVOKED -> Optional.of(REVOKED);
                    case CONFIRMED, REGISTERED -> Optional.empty();
                };
            case REVOKED ->
                switch (signal) {
                    case REGISTERED -> Optional.of(PENDING);
                    case LAPSED, REVOKED -> Optional.of(REVOKED);
                    case HELLO, CONFIRMED -> Optional.empty();
                };
        };
    }

    /** The signals that this state takes. */
    public List<SourceSignal> takes() {
        return Arrays.stream(SourceSignal.values())
                .filter(signal -> after(signal).isPresent())
                .toList();
    }

    /** What brings a source in this state back, as the end of a sentence. */
    String remedy() {
        return switch (this) {
            case PENDING -> "it becomes active when it delivers; if it is stuck, revoke it and register it again";
            case ACTIVE -> "it works";
            case STALE -> "it comes back at its next source.hello; if it is stuck, revoke it and register it again";
            case REVOKED -> "register it again if it is wanted";
        };
    }
}
