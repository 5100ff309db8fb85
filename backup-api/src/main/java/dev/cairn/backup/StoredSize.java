package dev.cairn.backup;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * How large a repository is in its store, after whatever it saves. Measured after operations, at most every 15 minutes.
 *
 * @param bytes bytes stored, of all lineages
 * @param measuredAt when that was measured
 * @param bytesPerDay by how much it grew a day, over at most a week and since the manager was opened; negative if it became smaller, empty before there is an hour to tell from
 */
public record StoredSize(long bytes, Instant measuredAt, OptionalLong bytesPerDay) {}
