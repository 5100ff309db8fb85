package dev.cairn.backup.core.ship;

import dev.cairn.backup.spi.LogSegment;

/**
 * A segment as it was read.
 *
 * @param summary what it says of itself
 * @param content its commits and pages; none in the head
 * @param digest SHA-256 of its body, which the next one carries as {@link Summary#previous}. The array must not be changed
 */
public record Segment(Summary summary, LogSegment content, byte[] digest) {}
