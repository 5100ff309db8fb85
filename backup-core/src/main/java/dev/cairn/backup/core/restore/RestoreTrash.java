package dev.cairn.backup.core.restore;

import dev.cairn.backup.PastRestore;
import dev.cairn.backup.TrashItem;
import dev.cairn.backup.TrashRetention;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.OldData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The trash of all restores: what lies where, what goes, and what a restore can be undone from. For one caller at a time but {@link #list}. */
public final class RestoreTrash {

    private final TrashRecords records;
    private final List<Dataset> datasets;

    /** The trash of the host's datasets. */
    public RestoreTrash(BlobStore state, List<Dataset> datasets) {
        this.records = new TrashRecords(state);
        this.datasets = List.copyOf(datasets);
    }

    /** What is there, newest restore first. */
    public List<TrashItem> list() {
        List<TrashItem> items = new ArrayList<>();
        for (TrashRecords.Kept kept : newestFirst()) {
            for (TrashRecords.Item item : kept.items()) {
                OptionalLong bytes = bytes(kept, item);
                if (bytes.isPresent()) {
                    items.add(new TrashItem(
                            kept.restoreId(), kept.when(), item.dataset(), item.place(), bytes.getAsLong()));
                }
            }
        }
        return items;
    }

    private List<TrashRecords.Kept> newestFirst() {
        List<TrashRecords.Kept> all = new ArrayList<>(records.all());
        Collections.reverse(all);
        return all;
    }

    private OptionalLong bytes(TrashRecords.Kept kept, TrashRecords.Item item) {
        Optional<DatasetTrash> trash = trash(item);
        Optional<OldData> old = records.load(kept, item);
        return trash.isPresent() && old.isPresent() ? trash.get().bytes(old.get()) : OptionalLong.empty();
    }

    private Optional<DatasetTrash> trash(TrashRecords.Item item) {
        return dataset(item).flatMap(Dataset::trash);
    }

    private Optional<Dataset> dataset(TrashRecords.Item item) {
        return datasets.stream()
                .filter(each ->
                        each.name().equals(item.dataset()) && each.kind().equals(item.kind()))
                .findFirst();
    }

    /** Removes what is not kept; answers how many restores' trash went. A crash in the middle leaves the rest for the next call. */
    public int prune(TrashRetention retention, Instant now) {
        Set<String> gone = new LinkedHashSet<>();
        List<TrashRecords.Kept> all = newestFirst();
        for (int i = 1; i < all.size(); i++) { // Never that of the newest.
            TrashRecords.Kept kept = all.get(i);
            boolean keeps = i < retention.restores()
                    && Duration.between(kept.when(), now).compareTo(retention.age()) < 0;
            // What belongs to a dataset that this host does not have, only its operator can remove.
            if (!keeps && kept.items().stream().allMatch(item -> trash(item).isPresent())) {
                kept.items().forEach(item -> remove(kept, item));
                gone.add(kept.restoreId());
            }
        }
        records.forget(gone);
        return gone.size();
    }

    private void remove(TrashRecords.Kept kept, TrashRecords.Item item) {
        Optional<OldData> old = records.load(kept, item);
        if (old.isPresent()) {
            trash(item).ifPresent(trash -> trash.remove(old.get()));
        }
    }

    /**
     * All that a restore took the place of.
     *
     * @param version the host's version at the swap
     * @param old what each dataset was, in the order of the restore
     */
    record Image(OptionalLong version, Map<Dataset, OldData> old) {}

    /** The image of before a restore; empty if anything of it is missing: half of it with half of a snapshot, which was taken a little earlier, would be a mixture. */
    Optional<Image> before(PastRestore restored) {
        Optional<TrashRecords.Kept> found = records.all().stream()
                .filter(kept -> kept.restoreId().equals(restored.restoreId()))
                .findFirst();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TrashRecords.Kept kept = found.get();
        Map<Dataset, OldData> image = new LinkedHashMap<>();
        for (String name : restored.datasets()) {
            for (TrashRecords.Item item : kept.items()) {
                if (item.dataset().equals(name)
                        && item.whole()
                        && bytes(kept, item).isPresent()) {
                    dataset(item)
                            .ifPresent(dataset -> records.load(kept, item).ifPresent(old -> image.put(dataset, old)));
                }
            }
        }
        return image.size() == restored.datasets().size()
                ? Optional.of(new Image(kept.version(), image))
                : Optional.empty();
    }
}
