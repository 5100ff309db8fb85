package dev.cairn.backup.spi;

import java.time.Instant;

/**
 * A small statement about a snapshot, added after it was committed.
 *
 * @param kind what it states
 * @param holder who or what made it, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}; one snapshot has at most one mark of a kind and holder
 * @param at when
 * @param reason why, in words
 */
public record Mark(Kind kind, String holder, Instant at, String reason) {

    /** What a mark states. */
    public enum Kind {
        /** Never pruned while the mark stands. */
        PINNED,
        /** Its content was read and was right. */
        VERIFIED,
        /** A dataset lost most of its content or changed its identity against the last good snapshot. */
        SUSPECT,
        /** An operator has looked at the suspicion and accepts the snapshot. */
        ACKNOWLEDGED,
        /** It lies on a timeline that a restore has left. */
        ABANDONED
    }
}
