package dev.cairn.backup.core.drill;

import dev.cairn.backup.DrillReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a drill's report is kept, and told in an incident. */
final class DrillForm implements StateSlot.Form<DrillReport> {

    @Override
    public JsonObject write(DrillReport report) {
        JsonObject json = new JsonObject()
                .put("drill", report.id())
                .put("passed", report.passed())
                .put("snapshot", report.snapshot().map(SnapshotId::value).orElse(null))
                .put("startedAt", report.startedAt().toString())
                .put("steps", report.steps().stream().map(DrillForm::step).toList())
                .put("rpoTarget", report.rpoTarget().toString())
                .put("rpoActual", report.rpoActual().map(Duration::toString).orElse(null))
                .put("rtoTarget", report.rtoTarget().toString())
                .put("rtoActual", report.rtoActual().toString())
                .put("controlled", report.controlled())
                .put("problems", report.problems())
                .put("warnings", report.warnings());
        return json.put("incident", report.incident().orElse(null));
    }

    private static JsonObject step(DrillReport.Step step) {
        return new JsonObject()
                .put("name", step.name())
                .put("outcome", step.outcome().name())
                .put("elapsed", step.elapsed().toString())
                .put("timeout", step.timeout().toString())
                .put("detail", step.detail());
    }

    @Override
    public DrillReport read(JsonObject json) throws JsonFormatException {
        List<DrillReport.Step> steps = new ArrayList<>();
        for (JsonObject step : json.objects("steps")) {
            steps.add(new DrillReport.Step(
                    step.text("name"),
                    outcome(step.text("outcome")),
                    Duration.parse(step.text("elapsed")),
                    Duration.parse(step.text("timeout")),
                    step.text("detail")));
        }
        return new DrillReport(
                json.text("drill"),
                json.optionalText("snapshot").map(SnapshotId::of),
                Instant.parse(json.text("startedAt")),
                steps,
                Duration.parse(json.text("rpoTarget")),
                json.optionalText("rpoActual").map(Duration::parse),
                Duration.parse(json.text("rtoTarget")),
                Duration.parse(json.text("rtoActual")),
                json.flag("controlled"),
                json.texts("problems"),
                json.texts("warnings"),
                json.optionalText("incident"));
    }

    /** A word that a later release may have added is no pass. */
    private static DrillReport.Outcome outcome(String word) {
        return Optional.of(word)
                .filter(known -> known.equals(DrillReport.Outcome.PASSED.name())
                        || known.equals(DrillReport.Outcome.NOT_EVALUATED.name()))
                .map(DrillReport.Outcome::valueOf)
                .orElse(DrillReport.Outcome.FAILED);
    }
}
