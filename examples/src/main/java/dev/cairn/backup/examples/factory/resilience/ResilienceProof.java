package dev.cairn.backup.examples.factory.resilience;

import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.govern.Check;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Emits {@code resilience_ops_v1}: the checklist, the steps, and what was achieved of recovery point and time against what is promised. */
public final class ResilienceProof {

    /** What the statement calls itself. */
    public static final String KIND = "resilience_ops_v1";

    private final Checklist checklist;
    private final RecoveryProofs proofs;

    /** Emits what a checklist finds. */
    public ResilienceProof(Checklist checklist, RecoveryProofs proofs) {
        this.checklist = checklist;
        this.proofs = proofs;
    }

    /**
     * Goes through the checklist and emits the proof of it, whether it passed or not.
     *
     * @param outcomes what else was to be shown, as by the drill
     */
    public SignedStatement emit(Recovery recovery, TimelineEpoch epoch, List<Check> outcomes) throws IOException {
        List<Check> checks = new ArrayList<>(outcomes);
        checks.addAll(checklist.run(recovery.occasion()));
        Instant finished = Instant.now();
        Duration rto = Duration.between(recovery.startedAt(), finished);
        Map<String, Long> missed = new TreeMap<>(recovery.rpo());
        missed.entrySet()
                .removeIf(entry -> entry.getValue() <= target(entry.getKey()).toMillis());
        Map<String, Long> targets = new TreeMap<>();
        recovery.rpo()
                .keySet()
                .forEach(dataset -> targets.put(dataset, target(dataset).toMillis()));
        boolean passed =
                checks.stream().allMatch(Check::isPassed) && missed.isEmpty() && rto.compareTo(Datasets.RTO) <= 0;
        Map<String, Object> said = new TreeMap<>();
        said.put("kind", KIND);
        said.put("occasion", recovery.occasion());
        said.put("epoch", epoch.number());
        said.put("snapshots", recovery.snapshots());
        said.put("startedAt", recovery.startedAt().toString());
        said.put("finishedAt", finished.toString());
        said.put("steps", recovery.steps());
        said.put("checklist", checks);
        said.put("rpoMillis", new TreeMap<>(recovery.rpo()));
        said.put("rpoTargetMillis", targets);
        said.put("rtoMillis", rto.toMillis());
        said.put("rtoTargetMillis", Datasets.RTO.toMillis());
        said.put("verdict", passed ? "PASSED" : "FAILED");
        return proofs.emit(KIND, said);
    }

    private static Duration target(String dataset) {
        return dataset.equals(Datasets.PROOFS) ? Datasets.PROOFS_RPO : Datasets.DAILY_RPO;
    }
}
