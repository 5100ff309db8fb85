package dev.cairn.backup.core.lineage;

import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/** How the end of a shutdown is kept. */
final class ShutdownForm implements StateSlot.Form<ShutdownReport> {

    @Override
    public JsonObject write(ShutdownReport report) {
        return new JsonObject()
                .put("outcome", report.outcome().name())
                .put("snapshot", report.snapshot().map(SnapshotId::value).orElse(null))
                .put("detail", report.detail())
                .put("at", report.at().toString())
                .put("elapsedMillis", report.elapsed().toMillis());
    }

    @Override
    public ShutdownReport read(JsonObject json) throws JsonFormatException {
        return new ShutdownReport(
                ShutdownReport.Outcome.valueOf(json.text("outcome")),
                json.optionalText("snapshot").map(SnapshotId::of),
                json.text("detail"),
                Instant.parse(json.text("at")),
                Duration.ofMillis(json.number("elapsedMillis")));
    }
}
