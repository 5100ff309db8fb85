package dev.cairn.backup.cli.command;

import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.util.List;
import java.util.function.Predicate;

/**
 * What {@code prune} answers.
 *
 * @param dryRun whether nothing was removed
 * @param removed what is gone, or would go, oldest first
 * @param kept what stays
 */
public record PruneAnswer(boolean dryRun, List<Decision> removed, List<Decision> kept) implements Answer {

    /**
     * What retention says of a snapshot.
     *
     * @param id the snapshot
     * @param reasons why it stays, or why it may go
     */
    public record Decision(String id, List<String> reasons) {}

    static PruneAnswer of(boolean dryRun, List<RetentionDecision> decisions, Predicate<RetentionDecision> gone) {
        return new PruneAnswer(dryRun, those(decisions, gone), those(decisions, gone.negate()));
    }

    private static List<Decision> those(List<RetentionDecision> decisions, Predicate<RetentionDecision> which) {
        return decisions.stream()
                .filter(which)
                .map(decision -> new Decision(decision.snapshot().value(), decision.reasons()))
                .toList();
    }

    @Override
    public void print(Page page) {
        removed.forEach(one -> page.line((dryRun ? "would remove " : "removed ") + one.id() + ": " + why(one)));
        kept.forEach(one -> page.note((dryRun ? "would keep " : "kept ") + one.id() + ": " + why(one)));
        page.line((dryRun ? "would remove " : "removed ") + Texts.count(removed.size(), "snapshot") + ", "
                + (dryRun ? "would keep " : "kept ") + kept.size());
    }

    @Override
    public void printQuietly(Page page) {
        removed.forEach(one -> page.line(one.id()));
    }

    private static String why(Decision decision) {
        return String.join("; ", decision.reasons());
    }
}
