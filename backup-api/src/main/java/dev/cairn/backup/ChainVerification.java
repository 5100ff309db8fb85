package dev.cairn.backup;

import java.util.List;
import java.util.Optional;

/**
 * What checking a chain has shown.
 *
 * @param lineage the installation whose chain it is
 * @param from the lowest number that was checked
 * @param to the highest number that was checked
 * @param checked snapshots or receipts whose place in the chain was checked
 * @param removed removals that were found explained
 * @param adopted snapshots that continue the chain and that this installation did not remember, because it was stopped right after their commit; it remembers them now
 * @param breaks what does not hold, lowest number first
 */
public record ChainVerification(
        String lineage,
        long from,
        long to,
        long checked,
        long removed,
        List<SnapshotId> adopted,
        List<ChainBreak> breaks) {

    /** Copies the lists. */
    public ChainVerification {
        adopted = List.copyOf(adopted);
        breaks = List.copyOf(breaks);
    }

    /** Whether the chain holds. */
    public boolean intact() {
        return breaks.isEmpty();
    }

    /** The break of the lowest number. */
    public Optional<ChainBreak> firstBreak() {
        return breaks.stream().findFirst();
    }

    /** One sentence for people. */
    public String describe() {
        return firstBreak()
                .map(first -> "the chain is broken at " + first
                        + (breaks.size() == 1 ? "" : " (and " + (breaks.size() - 1) + " more)"))
                .orElse("the chain of " + checked + " holds");
    }
}
