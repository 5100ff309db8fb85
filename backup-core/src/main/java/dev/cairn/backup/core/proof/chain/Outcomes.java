package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.DrillReport;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.VerificationReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What verifications and restores have shown, as facts for their receipts: nothing but what their reports say. */
public final class Outcomes {

    /** A damaged snapshot may have as many problems as entries, and a receipt stays for ever. */
    private static final int MOST_PROBLEMS = 20;

    private static final int MOST_CHARACTERS = 8192;

    private Outcomes() {}

    /** The facts of a snapshot. */
    static Map<String, String> of(SnapshotMetadata metadata) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("trigger", metadata.trigger().name());
        facts.put("bytes", Long.toString(metadata.sizeBytes()));
        facts.put(
                "datasets",
                names(metadata.datasets().stream().map(d -> d.name()).toList()));
        metadata.projectionVersion().ifPresent(version -> facts.put("projectionVersion", Long.toString(version)));
        return facts;
    }

    /** The facts of a verification. */
    public static Map<String, String> of(VerificationReport report) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("entries", Long.toString(report.entries()));
        facts.put("bytes", Long.toString(report.bytes()));
        facts.put("elapsedMillis", Long.toString(report.elapsed().toMillis()));
        facts.put("problems", Integer.toString(report.problems().size()));
        if (!report.problems().isEmpty()) {
            facts.put(
                    "firstProblems",
                    names(report.problems().stream().limit(MOST_PROBLEMS).toList()));
        }
        if (!report.warnings().isEmpty()) {
            facts.put("warnings", names(report.warnings()));
        }
        return facts;
    }

    /** The facts of a drill: what was promised, what was reached, and how each step ended. */
    public static Map<String, String> of(DrillReport report) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("drill", report.id());
        facts.put("rpoTargetMillis", Long.toString(report.rpoTarget().toMillis()));
        report.rpoActual().ifPresent(age -> facts.put("rpoActualMillis", Long.toString(age.toMillis())));
        facts.put("rtoTargetMillis", Long.toString(report.rtoTarget().toMillis()));
        facts.put("rtoActualMillis", Long.toString(report.rtoActual().toMillis()));
        facts.put("controlled", Boolean.toString(report.controlled()));
        facts.put(
                "steps",
                names(report.steps().stream()
                        .map(step -> step.name() + " " + step.outcome() + " "
                                + step.elapsed().toMillis() + " ms")
                        .toList()));
        facts.put("problems", Integer.toString(report.problems().size()));
        if (!report.problems().isEmpty()) {
            facts.put(
                    "firstProblems",
                    names(report.problems().stream().limit(MOST_PROBLEMS).toList()));
        }
        return facts;
    }

    /** The facts of a restore: among others how old the restored state was (the RPO achieved) and how long each step took (the RTO). */
    public static Map<String, String> of(RestoreReport report) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("restoreId", report.restoreId());
        facts.put("restoreVerdict", report.verdict().toString());
        facts.put("datasets", names(report.datasets()));
        facts.put("epoch", report.epoch().toString());
        facts.put("elapsedMillis", Long.toString(report.elapsed().toMillis()));
        facts.put(
                "ageMillis",
                Long.toString(Duration.between(
                                report.point()
                                        .map(point -> point.seenAt())
                                        .orElse(report.snapshot().createdAt()),
                                report.startedAt())
                        .toMillis()));
        report.steps().forEach((step, took) -> facts.put(step + ".millis", Long.toString(took.toMillis())));
        report.approval().ifPresent(approval -> {
            facts.put("approvedBy", bounded(approval.operator()));
            facts.put("approval", bounded(approval.reason()));
        });
        report.safetySnapshot().ifPresent(safety -> facts.put("safetySnapshot", safety.value()));
        report.snapshot().safetyFor().ifPresent(undone -> facts.put("safetyFor", undone.value()));
        report.point().ifPresent(point -> facts.put("point", bounded(point.toString())));
        if (!report.warnings().isEmpty()) {
            facts.put("warnings", names(report.warnings()));
        }
        return facts;
    }

    private static String names(List<String> all) {
        return bounded(String.join("; ", all));
    }

    private static String bounded(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }
}
