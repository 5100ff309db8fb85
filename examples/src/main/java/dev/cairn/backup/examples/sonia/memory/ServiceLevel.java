package dev.cairn.backup.examples.sonia.memory;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetHealth;
import dev.cairn.backup.ProtectionStatus;
import java.time.Duration;

/**
 * What is promised of memory's backups beside what was measured.
 *
 * @param health as the manager tells it
 */
record ServiceLevel(BackupHealth health) {

    void write(ObjectNode answer) {
        ObjectNode level = answer.putObject("service_level");
        level.put("rpo_target_seconds", MemoryBackups.RPO.toSeconds());
        level.put("rto_target_seconds", MemoryBackups.RTO.toSeconds());
        for (DatasetHealth dataset : health.datasets()) {
            dataset.rpo().ifPresent(age -> level.put("rpo_actual_seconds", seconds(age)));
            dataset.verifiedRpo().ifPresent(age -> level.put("verified_seconds_ago", seconds(age)));
            dataset.rto().ifPresent(time -> level.put("rto_actual_seconds", seconds(time.elapsed())));
        }
        ArrayNode protection = answer.putArray("protection");
        for (ProtectionStatus status : health.protection()) {
            ObjectNode told = protection.addObject().put("state", status.state().name());
            status.kept().ifPresent(position -> told.put("kept", position.toString()));
            status.stored().ifPresent(position -> told.put("stored", position.toString()));
            told.put("lag_seconds", seconds(status.lag()));
            status.problem().ifPresent(problem -> told.put("problem", problem));
        }
        ArrayNode alerts = answer.putArray("alerts");
        health.alerts()
                .forEach(alert -> alerts.addObject()
                        .put("kind", alert.kind().name())
                        .put("subject", alert.subject())
                        .put("severity", alert.severity().name())
                        .put("sentence", alert.sentence()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
