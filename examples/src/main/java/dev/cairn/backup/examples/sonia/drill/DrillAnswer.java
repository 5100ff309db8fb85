package dev.cairn.backup.examples.sonia.drill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A drill as the runbook tells it: five steps, whatever became of them.
 *
 * @param report what the drill has shown
 */
record DrillAnswer(DrillReport report) {

    /** The runbook's steps, and the drill's names for them. */
    private static final Map<String, String> STEPS = steps();

    private static Map<String, String> steps() {
        Map<String, String> steps = new LinkedHashMap<>();
        steps.put("backup_exists", "backup_exists");
        steps.put("restore_database", "restore_" + MemoryBackups.DATABASE);
        steps.put("integrity_check", "integrity_" + MemoryBackups.DATABASE);
        steps.put(RestoreDrill.SEARCH, RestoreDrill.SEARCH);
        steps.put(RestoreDrill.RESTART, RestoreDrill.RESTART);
        return steps;
    }

    ObjectNode json() {
        ObjectNode answer = Json.MAPPER
                .createObjectNode()
                .put("drill_id", report.id())
                .put("status", report.passed() ? "completed" : "failed")
                .put("rto_actual_seconds", seconds(report.rtoActual()))
                .put("rto_target_seconds", report.rtoTarget().toSeconds())
                .put("passed", report.passed());
        report.snapshot().ifPresent(id -> answer.put("backup_id", id.value()));
        report.rpoActual().ifPresent(age -> answer.put("backup_age_seconds", seconds(age)));
        ArrayNode steps = answer.putArray("steps");
        STEPS.forEach((told, name) -> step(steps.addObject().put("step", told), name));
        answer.put("controlled", report.controlled());
        ArrayNode problems = answer.putArray("problems");
        report.problems().forEach(problems::add);
        report.incident().ifPresent(bundle -> answer.put("incident_bundle", bundle));
        return answer;
    }

    /** A step that the drill never came to is failed like any other that did not pass. */
    private void step(ObjectNode step, String name) {
        Optional<DrillReport.Step> done =
                report.steps().stream().filter(one -> one.name().equals(name)).findFirst();
        step.put("passed", done.filter(DrillReport.Step::passed).isPresent())
                .put("outcome", done.map(one -> one.outcome().name()).orElse("NOT_EVALUATED"))
                .put("duration_seconds", done.map(one -> seconds(one.elapsed())).orElse(0.0));
        done.map(DrillReport.Step::detail)
                .filter(detail -> !detail.isEmpty())
                .ifPresent(detail -> step.put("detail", detail));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
