package dev.cairn.backup.core.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.Actor;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Incident;
import dev.cairn.backup.Objective;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.core.capture.TestHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertLinesTest {

    @TempDir
    private Path folder;

    private final TestHost host = new TestHost();

    private void pass(Duration time) {
        host.clock.advance(time);
        host.ticker.advance(time);
    }

    @Test
    void anAlertIsTheEnginesOwnLineAndOneIncidentWhoeverAsks() {
        WrittenLog log = WrittenLog.in(folder);
        try (SnapshotManager manager = host.builder()
                .objective(DatasetSelection.all(), Objective.losingAtMost(Duration.ofHours(1)))
                .audit(log, Actor.of("gateway"))
                .open()) {
            for (int hour = 0; hour < 12; hour++) {
                pass(Duration.ofHours(1).plusSeconds(1));
                manager.health();
            }
            BackupOperations.of(manager, OperationPolicy.allowAll())
                    .create(Actor.of("web").member("anna"));
            manager.health();
        }
        assertEquals(
                List.of(
                        "alert.raised data failed cairn",
                        "alert.escalated data failed cairn",
                        "alert.escalated data failed cairn",
                        "alert.escalated data failed cairn",
                        "snapshot.create snap-1 allowed web",
                        "alert.cleared data allowed cairn"),
                log.lines().subList(0, 6));
        assertTrue(log.entries().get(5).toString().contains("RPO_MISSED"));
        assertTrue(!log.entries().get(5).toString().contains("anna"), "she took a snapshot, not the alert");
        List<Incident> incidents = log.openIncidents();
        assertEquals(1, incidents.size(), incidents.toString());
        assertEquals(
                Incident.PROTECTION_AT_RISK, incidents.get(0).report().kind().code());
        log.close();
    }
}
