package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a rehearsed restore of a dataset took.
 *
 * @param at when it was rehearsed
 * @param elapsed how long it took
 * @param passed whether what was restored passed every check
 */
public record RestoreTime(Instant at, Duration elapsed, boolean passed) {}
