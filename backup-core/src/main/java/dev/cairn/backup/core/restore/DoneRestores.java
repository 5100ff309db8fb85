package dev.cairn.backup.core.restore;

import dev.cairn.backup.PastRestore;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.EntryPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last restore that is done, under {@code last-restore/} in the state store. Its records under {@code restores/} go when it ends, and whoever takes it back in another process has no report. Kept
 * between the decision and the end, so that a crash leaves either this or a pending restore whose recovery keeps it.
 */
final class DoneRestores {

    private final StateSlot<PastRestore> slot;

    DoneRestores(BlobStore state) {
        this.slot = new StateSlot<>(state, "last-restore", new Form());
    }

    /** Remembers a restore that was decided to be done, by what it was about. */
    void keep(String id, RestoreRecords.Intent intent) {
        Map<String, List<EntryPath>> paths = new LinkedHashMap<>();
        for (RestoreRecords.Target target : intent.datasets()) {
            if (!target.paths().isEmpty()) {
                paths.put(
                        target.name(),
                        target.paths().stream().map(EntryPath::of).toList());
            }
        }
        slot.set(new PastRestore(
                id,
                intent.targetId(),
                Instant.parse(intent.startedAt()),
                intent.safetyId(),
                intent.datasets().stream().map(RestoreRecords.Target::name).toList(),
                paths));
    }

    Optional<PastRestore> last() {
        return slot.get();
    }

    private static final class Form implements StateSlot.Form<PastRestore> {

        @Override
        public JsonObject write(PastRestore restore) {
            List<JsonObject> datasets = new ArrayList<>();
            for (String name : restore.datasets()) {
                List<EntryPath> paths = restore.paths().getOrDefault(name, List.of());
                datasets.add(new JsonObject()
                        .put("name", name)
                        .put("paths", paths.stream().map(EntryPath::value).toList()));
            }
            return new JsonObject()
                    .put("restore", restore.restoreId())
                    .put("snapshot", restore.snapshot().value())
                    .put("startedAt", restore.startedAt().toString())
                    .put(
                            "safety",
                            restore.safetySnapshot().map(SnapshotId::value).orElse(null))
                    .put("datasets", datasets);
        }

        @Override
        public PastRestore read(JsonObject json) throws JsonFormatException {
            List<String> names = new ArrayList<>();
            Map<String, List<EntryPath>> paths = new LinkedHashMap<>();
            for (JsonObject dataset : json.objects("datasets")) {
                String name = dataset.text("name");
                names.add(name);
                List<EntryPath> only =
                        dataset.texts("paths").stream().map(EntryPath::of).toList();
                if (!only.isEmpty()) {
                    paths.put(name, only);
                }
            }
            return new PastRestore(
                    json.text("restore"),
                    SnapshotId.of(json.text("snapshot")),
                    Instant.parse(json.text("startedAt")),
                    json.optionalText("safety").map(SnapshotId::of),
                    names,
                    paths);
        }
    }
}
