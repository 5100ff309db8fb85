package dev.cairn.backup.cursor;

import java.time.Instant;

/**
 * An event that a dedup window remembers.
 *
 * @param key what identifies it
 * @param at when it happened, by its source's clock
 */
public record SeenEvent(EventKey key, Instant at) {}
