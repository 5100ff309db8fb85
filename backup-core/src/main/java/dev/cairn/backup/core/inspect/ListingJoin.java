package dev.cairn.backup.core.inspect;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through the listings of one dataset in two snapshots side by side. Used once, by one thread. */
final class ListingJoin {

    private final String dataset;
    private final boolean attributes;
    private final CancellationToken cancellation;
    private final Consumer<? super EntryChange> each;
    private final ContentComparison contents;
    private long added;
    private long removed;
    private long changed;
    private long otherAttributes;
    private long same;
    private long bytesAdded;
    private long bytesRemoved;
    private long bytesChanged;

    ListingJoin(
            String dataset, boolean attributes, CancellationToken cancellation, Consumer<? super EntryChange> each) {
        this.dataset = dataset;
        this.attributes = attributes;
        this.cancellation = cancellation;
        this.each = each;
        this.contents = new ContentComparison(cancellation);
    }

    void run(EntryCursor before, EntryCursor after) {
        Entry first = before.next();
        Entry second = after.next();
        while (first != null || second != null) {
            cancellation.throwIfCancelled(ContentComparison.OPERATION);
            int order = order(first, second);
            if (first != null && second != null && order == 0) {
                both(first, second);
            } else if (first != null && order < 0) {
                removed++;
                bytesRemoved += first.size();
                each.accept(EntryChange.removed(dataset, first));
            } else if (second != null && order > 0) {
                added++;
                bytesAdded += second.size();
                each.accept(EntryChange.added(dataset, second));
            }
            first = order <= 0 ? before.next() : first;
            second = order >= 0 ? after.next() : second;
        }
    }

    /** The one that ended comes last. */
    private static int order(@Nullable Entry first, @Nullable Entry second) {
        if (first == null) {
            return 1;
        }
        return second == null ? -1 : first.path().compareTo(second.path());
    }

    private void both(Entry before, Entry after) {
        if (before.type() != after.type()) {
            changed(EntryChange.Kind.TYPE, before, after);
        } else if (!before.linkTarget().equals(after.linkTarget()) || !contents.same(before, after)) {
            changed(EntryChange.Kind.CONTENT, before, after);
        } else if (attributes && !sameAttributes(before, after)) {
            otherAttributes++;
            each.accept(EntryChange.of(dataset, EntryChange.Kind.ATTRIBUTES, before, after));
        } else {
            same++;
        }
    }

    private void changed(EntryChange.Kind kind, Entry before, Entry after) {
        changed++;
        bytesChanged += after.size();
        each.accept(EntryChange.of(dataset, kind, before, after));
    }

    private static boolean sameAttributes(Entry first, Entry second) {
        EntryAttributes before = first.attributes();
        EntryAttributes after = second.attributes();
        return before.mode().equals(after.mode())
                && before.owner().equals(after.owner())
                && before.group().equals(after.group())
                && (first.type() == EntryType.DIRECTORY || before.modified().equals(after.modified()));
    }

    DatasetDifference difference(Optional<DatasetSummary> before, Optional<DatasetSummary> after) {
        return new DatasetDifference(
                dataset,
                before,
                after,
                added,
                removed,
                changed,
                otherAttributes,
                same,
                bytesAdded,
                bytesRemoved,
                bytesChanged);
    }
}
