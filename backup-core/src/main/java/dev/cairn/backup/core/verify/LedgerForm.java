package dev.cairn.backup.core.verify;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the ledger is kept. */
final class LedgerForm implements StateSlot.Form<VerificationLedger> {

    private static final String UNFINISHED = "unfinished";

    @Override
    public JsonObject write(VerificationLedger ledger) {
        List<JsonObject> seen = new ArrayList<>();
        ledger.seen()
                .forEach((id, what) -> seen.add(new JsonObject()
                        .put("snapshot", id.value())
                        .put("depth", what.depth().name())
                        .put("at", what.at().toString())));
        JsonObject json = new JsonObject().put("seen", seen);
        ledger.unfinished().ifPresent(where -> json.put(UNFINISHED, unfinished(where)));
        return json;
    }

    private static JsonObject unfinished(VerificationLedger.Unfinished where) {
        Position position = where.position();
        return new JsonObject()
                .put("snapshot", where.id().value())
                .put("depth", where.depth().name())
                .put("dataset", position.dataset())
                .put("path", position.path())
                .put("datasetEntries", position.datasetEntries())
                .put("datasetBytes", position.datasetBytes())
                .put("entries", position.entries())
                .put("bytes", position.bytes())
                .put("anyContent", position.anyContent())
                .put("elapsedMillis", position.elapsed().toMillis())
                .put("problems", position.problems());
    }

    @Override
    public VerificationLedger read(JsonObject json) throws JsonFormatException {
        Map<SnapshotId, VerificationLedger.Seen> seen = new LinkedHashMap<>();
        for (JsonObject one : json.objects("seen")) {
            seen.put(
                    SnapshotId.of(one.text("snapshot")),
                    new VerificationLedger.Seen(depth(one.text("depth")), Instant.parse(one.text("at"))));
        }
        return new VerificationLedger(
                seen, json.has(UNFINISHED) ? Optional.of(unfinished(json.object(UNFINISHED))) : Optional.empty());
    }

    private static VerificationLedger.Unfinished unfinished(JsonObject json) throws JsonFormatException {
        return new VerificationLedger.Unfinished(
                SnapshotId.of(json.text("snapshot")),
                depth(json.text("depth")),
                new Position(
                        json.textOrNull("dataset"),
                        json.textOrNull("path"),
                        json.number("datasetEntries"),
                        json.number("datasetBytes"),
                        json.number("entries"),
                        json.number("bytes"),
                        json.flag("anyContent"),
                        Duration.ofMillis(json.number("elapsedMillis")),
                        json.texts("problems")));
    }

    /** A depth that a later release may have added counts as the least. */
    private static VerificationDepth depth(String word) {
        for (VerificationDepth depth : VerificationDepth.values()) {
            if (depth.name().equals(word)) {
                return depth;
            }
        }
        return VerificationDepth.MANIFEST;
    }
}
