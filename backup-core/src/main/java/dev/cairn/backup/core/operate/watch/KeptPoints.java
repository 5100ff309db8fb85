package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.ProtectionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Up to when the transactions of datasets that are protected continuously are known to be kept. A status tells positions, not times: while protection runs, all that was committed before the last
 * poll is kept; once it does not, what was seen at the last look still is. Looked at once a second where threads are allowed. Not thread-safe.
 */
final class KeptPoints {

    private final Map<String, Duration> polls;
    private final Map<String, Instant> kept = new HashMap<>();

    /** @param polls how often each source looks, by dataset */
    KeptPoints(Map<String, Duration> polls) {
        this.polls = Map.copyOf(polls);
    }

    void look(ProtectionStatus status, Instant now) {
        switch (status.state()) {
            case PROTECTED, SPOOLING -> {
                if (status.lastBase().isPresent()) {
                    kept.put(status.dataset(), now.minus(polls.getOrDefault(status.dataset(), Duration.ZERO)));
                }
            }
            case PAUSED -> kept.remove(status.dataset()); // A restore replaces what was kept until now.
            case WAITING, STARTING, INTERRUPTED, CLOSED -> {
                // What was kept stays restorable.
            }
        }
    }

    Optional<Instant> of(String dataset) {
        return Optional.ofNullable(kept.get(dataset));
    }
}
