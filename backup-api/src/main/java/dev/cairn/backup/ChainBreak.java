package dev.cairn.backup;

import java.util.Optional;

/**
 * A place where the chain of snapshots, or of receipts, does not hold.
 *
 * @param kind what it is
 * @param what what it is about, such as {@code snapshot snap-7} or {@code receipt 3}
 * @param sequence sequence number of the snapshot, or number of the receipt
 * @param link the snapshot as the chain expects it; empty if it is about a receipt or nothing is expected
 * @param problem what is wrong, in a sentence
 */
public record ChainBreak(Kind kind, String what, long sequence, Optional<SnapshotLink> link, String problem) {

    /** What is wrong. */
    public enum Kind {
        /** It is gone and nothing tells that it was removed. */
        MISSING,
        /** The newest that this installation remembers is gone: the repository was set back, or the newest was deleted behind its back. */
        ROLLED_BACK,
        /** It is not what those that follow it, or this installation, have recorded: altered, damaged or replaced. */
        ALTERED,
        /** It continues something else than what stands there, although others confirm what stands there. */
        WRONG_PREVIOUS,
        /** It stands beside the chain: none that follows continues it, and this installation does not know it. */
        FORK,
        /** It was removed, and is back: put there again, or its removal was interrupted. */
        RETURNED,
        /** The stub that tells of its removal is damaged, forged or not signed by a known key. */
        BAD_STUB
    }

    /** The sentence, with what it is about. */
    @Override
    public String toString() {
        return what + ": " + problem;
    }
}
