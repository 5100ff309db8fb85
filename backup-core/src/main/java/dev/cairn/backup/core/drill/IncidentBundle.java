package dev.cairn.backup.core.drill;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is needed to find out why a drill failed, in a folder of its own: {@code manifest.json}, {@code report.json}, {@code events.log}, {@code environment.json}. The report is put last: a folder without
 * it is not complete.
 *
 * @param store where
 * @param folder in which folder, or the empty string
 * @param most how many bundles stay there; 0 for all
 */
record IncidentBundle(BlobStore store, String folder, int most) {

    /** Settings of the JVM that name a machine's kind and never what a host has set. */
    private static final List<String> ENVIRONMENT = List.of(
            "java.version", "java.vendor", "java.vm.name", "java.vm.version", "os.name", "os.version", "os.arch");

    /** In the state store, which is not to grow for ever. */
    static IncidentBundle within(BlobStore state) {
        return new IncidentBundle(state, "drills/incidents", 10);
    }

    /** In a store of the host's, which the host looks after. */
    static IncidentBundle of(BlobStore store) {
        return new IncidentBundle(store, "", 0);
    }

    /**
     * Writes the bundle and answers where it lies.
     *
     * @param host what of the configuration may be told
     * @throws dev.cairn.backup.StoreException if it cannot be written
     */
    String write(
            DrillReport report, Optional<SnapshotMetadata> snapshot, List<String> events, Map<String, String> host) {
        String place = name(report.id());
        snapshot.ifPresent(metadata -> put(place, "manifest.json", manifest(metadata)));
        put(place, "events.log", (String.join("\n", events) + "\n").getBytes(StandardCharsets.UTF_8));
        put(place, "environment.json", environment(host));
        put(place, "report.json", new DrillForm().write(report).toPrettyBytes());
        forgetOld();
        return place + " in " + store.describe();
    }

    private String name(String below) {
        return folder.isEmpty() ? below : folder + "/" + below;
    }

    private void put(String place, String file, byte[] bytes) {
        store.putIfAbsent(BlobName.of(place + "/" + file), BlobContent.of(bytes));
    }

    private static byte[] manifest(SnapshotMetadata metadata) {
        return new JsonObject()
                .put("id", metadata.id().value())
                .put("sequence", metadata.sequence())
                .put("createdAt", metadata.createdAt().toString())
                .put("projectionVersion", metadata.projectionVersion())
                .put("trigger", metadata.trigger().name())
                .put("schedule", metadata.schedule().orElse(null))
                .put("label", metadata.label().orElse(null))
                .put("sizeBytes", metadata.sizeBytes())
                .put("lineage", metadata.lineage())
                .put("parent", metadata.parent().map(SnapshotId::value).orElse(null))
                .put(
                        "datasets",
                        metadata.datasets().stream()
                                .map(IncidentBundle::dataset)
                                .toList())
                .toPrettyBytes();
    }

    private static JsonObject dataset(DatasetSummary summary) {
        return new JsonObject()
                .put("name", summary.name())
                .put("kind", summary.kind())
                .put("present", summary.present())
                .put("entries", summary.entries())
                .put("bytes", summary.bytes())
                .put("identity", summary.identity().orElse(null))
                .put("counts", new TreeMap<>(summary.counts()));
    }

    /** No environment variable, no other property and no argument of the JVM: they are where secrets are. */
    private static byte[] environment(Map<String, String> host) {
        JsonObject json = new JsonObject();
        ENVIRONMENT.forEach(name -> json.put(name, System.getProperty(name)));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
        new TreeMap<>(host).forEach(json::put);
        return json.toPrettyBytes();
    }

    private void forgetOld() {
        if (most == 0) {
            return;
        }
        List<String> bundles = store.children(folder).stream()
                .sorted(Comparator.comparingLong(IncidentBundle::number))
                .toList();
        for (String old : bundles.subList(0, Math.max(0, bundles.size() - most))) {
            store.deleteAll(store.list(name(old)).stream().map(BlobInfo::name).toList());
        }
    }

    private static long number(String drill) {
        return drill.matches("drill-[0-9]{1,18}") ? Long.parseLong(drill.substring("drill-".length())) : 0;
    }
}
