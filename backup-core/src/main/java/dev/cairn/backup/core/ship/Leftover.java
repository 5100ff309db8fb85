package dev.cairn.backup.core.ship;

import java.util.Optional;

/**
 * What an earlier process left of a timeline in the spool, as far as it is whole.
 *
 * @param head the timeline, if its head is there too
 * @param first the first segment that waits
 * @param last the last one
 * @param digest SHA-256 of the body of the last one
 */
record Leftover(Optional<Timeline> head, SegmentHeader first, SegmentHeader last, byte[] digest) {}
