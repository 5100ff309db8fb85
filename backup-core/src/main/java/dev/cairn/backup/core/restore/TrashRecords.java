package dev.cairn.backup.core.restore;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.StagedRestore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What restores have put aside and where, in the state store: one list under {@code trash/}, and old values in memory under {@code trash-values/<restore>/<dataset>}. An item is recorded before
 * its restore is finished and its record goes after it, so that nothing that lies somewhere is forgotten by a crash.
 */
final class TrashRecords {

    private static final String VALUES = "trash-values/";

    private final BlobStore state;
    private final StateSlot<List<Kept>> slot;

    TrashRecords(BlobStore state) {
        this.state = state;
        this.slot = new StateSlot<>(state, "trash", new Form());
    }

    /**
     * The trash of one restore.
     *
     * @param restoreId the restore
     * @param when when it began
     * @param version the host's version at the swap, once it had let go of its data; empty if it gave none
     * @param items one for each dataset that has any
     */
    record Kept(String restoreId, Instant when, OptionalLong version, List<Item> items) {}

    /**
     * The trash of one dataset.
     *
     * @param dataset its name
     * @param kind what it is
     * @param place where it lies
     * @param whole whether the state before can be brought back from it
     * @param inMemory whether the state store keeps the value
     */
    record Item(String dataset, String kind, String place, boolean whole, boolean inMemory) {}

    private static final class Form implements StateSlot.Form<List<Kept>> {

        @Override
        public JsonObject write(List<Kept> value) {
            return new JsonObject()
                    .put("restores", value.stream().map(Form::write).toList());
        }

        private static JsonObject write(Kept kept) {
            return new JsonObject()
                    .put("restore", kept.restoreId())
                    .put("when", kept.when().toString())
                    .put("version", kept.version())
                    .put(
                            "items",
                            kept.items().stream()
                                    .map(item -> new JsonObject()
                                            .put("dataset", item.dataset())
                                            .put("kind", item.kind())
                                            .put("place", item.place())
                                            .put("whole", item.whole())
                                            .put("inMemory", item.inMemory()))
                                    .toList());
        }

        @Override
        public List<Kept> read(JsonObject json) throws JsonFormatException {
            List<Kept> kept = new ArrayList<>();
            for (JsonObject each : json.objects("restores")) {
                List<Item> items = new ArrayList<>();
                for (JsonObject item : each.objects("items")) {
                    items.add(new Item(
                            item.text("dataset"),
                            item.text("kind"),
                            item.text("place"),
                            item.flag("whole"),
                            item.flag("inMemory")));
                }
                kept.add(new Kept(
                        each.text("restore"), Instant.parse(each.text("when")), each.optionalNumber("version"), items));
            }
            return kept;
        }
    }

    /** All that is recorded, oldest restore first. */
    List<Kept> all() {
        return slot.get().orElse(List.of());
    }

    /** Records what a restore that is decided has put aside. Idempotent. */
    void keep(String restoreId, Instant when, OptionalLong version, Map<Dataset, StagedRestore> restored) {
        List<Item> items = new ArrayList<>();
        restored.forEach((dataset, staged) -> staged.oldData().ifPresent(old -> {
            boolean inMemory = dataset.location().isEmpty();
            if (inMemory) {
                put(value(restoreId, dataset.name()), old.value());
            }
            items.add(new Item(dataset.name(), dataset.kind(), old.place(), old.whole(), inMemory));
        }));
        if (!items.isEmpty()) {
            slot.update(before -> {
                List<Kept> all = new ArrayList<>(before.orElse(List.of()));
                if (all.stream().noneMatch(kept -> kept.restoreId().equals(restoreId))) {
                    all.add(new Kept(restoreId, when, version, items));
                }
                return Optional.of(all);
            });
        }
    }

    /** The item with its value. Empty if the state store has lost that. */
    Optional<OldData> load(Kept kept, Item item) {
        if (!item.inMemory()) {
            return Optional.of(new OldData(item.place(), item.whole(), new byte[0]));
        }
        BlobName name = value(kept.restoreId(), item.dataset());
        try (InputStream in = state.read(name)) {
            return Optional.of(OldData.inMemory(in.readAllBytes()));
        } catch (BlobNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " cannot be read: " + e,
                    "Look after the disk of the state store",
                    e);
        }
    }

    /** Forgets restores whose trash is gone. */
    void forget(Set<String> restoreIds) {
        if (restoreIds.isEmpty()) {
            return;
        }
        List<BlobName> values = all().stream()
                .filter(kept -> restoreIds.contains(kept.restoreId()))
                .flatMap(kept -> kept.items().stream()
                        .filter(Item::inMemory)
                        .map(item -> value(kept.restoreId(), item.dataset())))
                .collect(Collectors.toList());
        state.deleteAll(values);
        slot.update(before -> Optional.of(before.orElse(List.of()).stream()
                .filter(kept -> !restoreIds.contains(kept.restoreId()))
                .toList()));
    }

    private static BlobName value(String restoreId, String dataset) {
        return BlobName.of(VALUES + restoreId + "/" + dataset);
    }

    private void put(BlobName name, byte[] body) {
        if (state.putIfAbsent(name, BlobContent.of(body)) == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    name + " in " + state.describe() + " may not be durable",
                    "Look after the disk of the state store",
                    null);
        }
    }
}
