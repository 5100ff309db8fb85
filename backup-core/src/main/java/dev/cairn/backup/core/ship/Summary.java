package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import java.util.List;

/**
 * What a segment says of itself, without its pages.
 *
 * @param number its number on its timeline; 0 is the head, which has no pages
 * @param previous SHA-256 of the body of the segment before it; zeros in the head. The array must not be changed
 * @param before the position where it begins
 * @param after the position behind its last commit
 * @param open whether it ends with pages of a transaction whose commit is in a later segment
 * @param pages how many pages it has
 * @param commits the transactions that end in it, in order
 */
public record Summary(
        long number,
        byte[] previous,
        LogPosition before,
        LogPosition after,
        boolean open,
        int pages,
        List<LogSegment.Commit> commits) {}
