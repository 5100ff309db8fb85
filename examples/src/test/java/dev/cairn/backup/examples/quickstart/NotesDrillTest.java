package dev.cairn.backup.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DrillPlace;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.SnapshotManager;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notes service rehearses its own restore while it is written. */
class NotesDrillTest {

    private static final Duration RTO = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    @Test
    void aDrillOfItsStateMeetsItsTargetsWhileTheServiceWrites() throws Exception {
        NotesPlace place = new NotesPlace(temp.resolve("notes"));
        NotesBackups backups = new NotesBackups(place);
        NotesService service = new NotesService(place);
        service.open();
        try (SnapshotManager manager = backups.configured(service, NotesBackups.sessionsCodec())
                        .open();
                NotesWriter writer = NotesWriter.start(service)) {
            writer.awaitSteps(200);
            long step = manager.create().projectionVersion().orElseThrow();
            DrillReport report = manager.drill(DrillRequest.latest()
                    .objectives(Duration.ofHours(1), RTO)
                    .withControl()
                    .check("search_test", Duration.ofSeconds(20), restored -> isAt(restored, step)));
            assertTrue(report.passed(), report.toString());
            assertTrue(report.rtoActual().compareTo(RTO) <= 0, report.toString());
            assertEquals(
                    step,
                    report.snapshot()
                            .map(manager::get)
                            .orElseThrow()
                            .projectionVersion()
                            .orElseThrow());
            writer.awaitSteps(50);
            assertTrue(service.countersAgree());
            System.out.println(
                    "drill of the notes service: " + report.rtoActual().toMillis() + " ms");
        } finally {
            service.close();
        }
    }

    private static boolean isAt(DrillPlace restored, long step) throws Exception {
        try (Connection connection = ConnectionPool.connect(restored.path("notes"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT step FROM counter")) {
            return row.getLong(1) == step
                    && restored.value("sessions", Sessions.class).counter() == step;
        }
    }
}
