package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.core.inspect.DatasetDifference;
import dev.cairn.backup.core.inspect.EntryChange;
import dev.cairn.backup.core.inspect.SnapshotDifference;
import dev.cairn.backup.spi.Entry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code diff} answers.
 *
 * @param before the first snapshot
 * @param after the second snapshot
 * @param equal whether nothing differs
 * @param changes each entry that differs, dataset by dataset and in path order
 * @param datasets each dataset that was compared
 */
public record DiffAnswer(
        String before, String after, boolean equal, List<ChangeAnswer> changes, List<DatasetAnswer> datasets)
        implements Answer {

    /**
     * One entry that differs.
     *
     * @param change {@code added}, {@code removed}, {@code type}, {@code content} or {@code attributes}
     * @param dataset the dataset
     * @param path its place in the dataset
     * @param type what it is, in the second snapshot if it is there: {@code file}, {@code directory}, {@code symlink} or {@code hard_link}
     * @param bytesBefore its size in the first snapshot, or null if it was added
     * @param bytesAfter its size in the second snapshot, or null if it was removed
     */
    public record ChangeAnswer(
            String change,
            String dataset,
            String path,
            String type,
            @Nullable Long bytesBefore,
            @Nullable Long bytesAfter) {

        static ChangeAnswer of(EntryChange change) {
            Entry seen = change.after().or(change::before).orElseThrow();
            return new ChangeAnswer(
                    change.kind().name().toLowerCase(Locale.ROOT),
                    change.dataset(),
                    change.path().value(),
                    seen.type().name().toLowerCase(Locale.ROOT),
                    change.before().map(Entry::size).orElse(null),
                    change.after().map(Entry::size).orElse(null));
        }
    }

    /**
     * How a dataset differs.
     *
     * @param dataset its name
     * @param before {@code present}, {@code absent} if its source was missing, or {@code none} if the first snapshot does not have it
     * @param after the same of the second
     * @param added entries that only the second has
     * @param removed entries that only the first has
     * @param changed entries of another type or content
     * @param attributes entries of which only time, mode, owner or group differ
     * @param same entries that are alike
     * @param bytesAdded content bytes of what was added
     * @param bytesRemoved content bytes of what was removed
     * @param bytesChanged content bytes, in the second snapshot, of what was changed
     */
    public record DatasetAnswer(
            String dataset,
            String before,
            String after,
            long added,
            long removed,
            long changed,
            long attributes,
            long same,
            long bytesAdded,
            long bytesRemoved,
            long bytesChanged) {

        static DatasetAnswer of(DatasetDifference difference) {
            return new DatasetAnswer(
                    difference.dataset(),
                    standing(difference.before()),
                    standing(difference.after()),
                    difference.added(),
                    difference.removed(),
                    difference.changed(),
                    difference.attributes(),
                    difference.same(),
                    difference.bytesAdded(),
                    difference.bytesRemoved(),
                    difference.bytesChanged());
        }

        private static String standing(Optional<DatasetSummary> summary) {
            return summary.map(held -> held.present() ? "present" : "absent").orElse("none");
        }
    }

    static DiffAnswer of(SnapshotDifference difference, List<ChangeAnswer> changes) {
        return new DiffAnswer(
                difference.before().id().value(),
                difference.after().id().value(),
                difference.isEqual(),
                List.copyOf(changes),
                difference.datasets().stream().map(DatasetAnswer::of).toList());
    }

    @Override
    public void print(Page page) {
        changes.forEach(change -> page.item(sign(change) + " " + change.dataset() + "/" + change.path()
                + (change.bytesAfter() != null && change.type().equals("file")
                        ? "  " + Texts.bytes(change.bytesAfter())
                        : "")));
        datasets.stream()
                .filter(each -> !each.before().equals(each.after()))
                .forEach(each -> page.warning(each.dataset() + " is " + each.before() + " in " + before + " and "
                        + each.after() + " in " + after));
        page.table(
                List.of("DATASET", "ADDED", "REMOVED", "CHANGED", "SAME"),
                datasets.stream()
                        .map(each -> List.of(
                                each.dataset(),
                                each.added() + ", " + Texts.bytes(each.bytesAdded()),
                                each.removed() + ", " + Texts.bytes(each.bytesRemoved()),
                                (each.changed() + each.attributes()) + ", " + Texts.bytes(each.bytesChanged()),
                                Long.toString(each.same())))
                        .toList());
        if (equal) {
            page.good(before + " and " + after + " are equal");
        }
    }

    private static String sign(ChangeAnswer change) {
        return switch (change.change()) {
            case "added" -> "+";
            case "removed" -> "-";
            case "attributes" -> "a";
            case "type" -> "t";
            default -> "c";
        };
    }

    @Override
    public void printQuietly(Page page) {
        changes.forEach(change -> page.item(sign(change) + " " + change.dataset() + "/" + change.path()));
    }

    @Override
    public ExitCode exitCode() {
        return equal ? ExitCode.DONE : ExitCode.DAMAGE;
    }
}
