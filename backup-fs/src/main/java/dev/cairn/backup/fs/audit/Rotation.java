package dev.cairn.backup.fs.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When a new file is begun: before a line that finds the present one full, or on a later day than it was begun.
 *
 * @param maxBytes how many bytes of lines make a file full
 * @param daily where days begin; empty if days do not count
 */
public record Rotation(long maxBytes, Optional<ZoneId> daily) {

    boolean isDue(long bytes, Instant begun, Instant now) {
        return bytes >= maxBytes
                || daily.filter(zone -> LocalDate.ofInstant(now, zone).isAfter(LocalDate.ofInstant(begun, zone)))
                        .isPresent();
    }
}
