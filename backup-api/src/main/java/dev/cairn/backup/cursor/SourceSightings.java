package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Instant;
import java.util.List;

/**
 * What a dedup window knows of one source.
 *
 * @param horizon events before it have been forgotten, or may have been
 * @param seen the events it remembers, none of them before the horizon, in no particular order; a window refuses one that stands there twice
 */
public record SourceSightings(Instant horizon, List<SeenEvent> seen) {

    /** @throws InvalidValueException if an event is older than the horizon */
    public SourceSightings {
        seen = List.copyOf(seen);
        for (SeenEvent event : seen) {
            if (event.at().isBefore(horizon)) {
                throw new InvalidValueException(
                        "time of " + event.key(), event.at(), "the horizon, " + horizon + ", or later");
            }
        }
    }
}
