package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BackupAlert;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.examples.show.WorkFolder;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What days, weeks and months bring, under a clock that is set. */
class SoniaCalendarTest {

    @TempDir
    Path temp;

    private static List<SnapshotMetadata> daily(CalendarHost host) {
        return host.manager().list().stream()
                .filter(snapshot -> snapshot.schedule().equals(Optional.of(MemoryBackups.DAILY)))
                .toList();
    }

    private static boolean alerts(CalendarHost host, BackupAlert.Kind kind) {
        return host.manager().health().alerts().stream().anyMatch(alert -> alert.kind() == kind);
    }

    /** By another installation into the same repository, as the gateway's process does. */
    private static SnapshotId backupOfTheGateway(SoniaPlace place) {
        try (SnapshotManager manager = Cairn.builder()
                .repository(place.repository())
                .state(place.state("api-gateway"))
                .dataset(StateDataset.of(
                        "gateway", JsonCodec.of(new ObjectMapper(), String.class), () -> "live", value -> {}))
                .naming((sequence, now, label, attempt) -> SnapshotId.of("bkp_" + sequence))
                .open()) {
            return manager.create().id();
        }
    }

    /** Over the night of 29 March 2026, when 02:00 does not exist in Berlin. */
    @Test
    void sonia04_dailyAtTwoLocalTimeTheDatabaseOnlyAndSevenAreKeptBesideTheManualOnes() throws Exception {
        try (CalendarHost host = CalendarHost.start(SoniaPlace.at(temp), Instant.parse("2026-03-20T12:00:00Z"))) {
            SnapshotId manual = host.manual().id();
            SnapshotId gateway = backupOfTheGateway(SoniaPlace.at(temp));
            List<SnapshotId> nights = new ArrayList<>();
            for (int night = 0; night < 10; night++) {
                Instant two = host.nextTwoOClock();
                assertEquals(List.of(), host.runAt(two.minusSeconds(60)), "too early on night " + night);
                List<SnapshotMetadata> taken = host.runAt(two);
                assertEquals(1, taken.size(), "night " + night);
                SnapshotMetadata backup = taken.get(0);
                assertEquals(Optional.of(MemoryBackups.DAILY), backup.schedule());
                assertEquals(two, backup.createdAt());
                LocalDate day = two.atZone(CalendarHost.ZONE).toLocalDate();
                LocalTime local = two.atZone(CalendarHost.ZONE).toLocalTime();
                assertEquals(day.equals(LocalDate.of(2026, 3, 29)) ? LocalTime.of(3, 0) : LocalTime.of(2, 0), local);
                assertEquals(
                        List.of(MemoryBackups.DATABASE),
                        backup.datasets().stream().map(DatasetSummary::name).toList());
                assertTrue(
                        backup.id().value().matches("memory-\\d{8}-\\d{6}(-\\d+)?"),
                        backup.id().value());
                nights.add(backup.id());
                assertEquals(List.of(), host.runAt(two.plusSeconds(60)), "twice in night " + night);
            }
            assertEquals(
                    nights.subList(3, 10),
                    daily(host).stream().map(SnapshotMetadata::id).toList());
            assertTrue(host.manager().list().stream()
                    .anyMatch(snapshot -> snapshot.id().equals(manual)));
            host.runAt(host.now().plus(Duration.ofDays(400)));
            assertTrue(
                    host.manager().list().stream()
                            .anyMatch(snapshot -> snapshot.id().equals(manual)),
                    "only by hand");
            assertTrue(host.manager().listAll().stream()
                    .anyMatch(snapshot -> snapshot.id().equals(gateway)));
            host.manager().delete(manual);
            assertFalse(host.manager().list().stream()
                    .anyMatch(snapshot -> snapshot.id().equals(manual)));
        }
    }

    @Test
    void sonia07_automaticVerificationReadsBackupsAndDrillsARestoreEachMonthByItself() throws Exception {
        try (CalendarHost host = CalendarHost.start(SoniaPlace.at(temp), Instant.parse("2026-03-31T12:00:00Z"))) {
            SnapshotId backup = host.nextNight().get(0).id();
            host.runAt(host.now().plus(Duration.ofMinutes(30)));
            assertTrue(host.manager().lastVerified(backup).isPresent());
            assertEquals(Optional.empty(), host.manager().lastDrill());
            host.runAt(host.now().plus(Duration.ofHours(3)));
            DrillReport drill = host.manager().lastDrill().orElseThrow();
            assertTrue(drill.passed(), drill::toString);
            assertEquals(
                    List.of(
                            "backup_exists",
                            "restore_database",
                            "integrity_database",
                            "search_test",
                            "service_restart"),
                    drill.steps().stream().map(DrillReport.Step::name).limit(5).toList());
            assertTrue(drill.controlled(), "the first drill tries a damaged copy");
            assertTrue(
                    host.manager().health().datasets().get(0).rto().isPresent(), "the service level is measured by it");
        }
    }

    @Test
    void sonia07_alertsWhenABackupIsMissingAndWhenOneFails() throws Exception {
        SoniaPlace place = SoniaPlace.at(temp.resolve("sonia"));
        try (CalendarHost host = CalendarHost.start(place, Instant.parse("2026-03-20T12:00:00Z"))) {
            host.nextNight();
            assertFalse(alerts(host, BackupAlert.Kind.SCHEDULE_OVERDUE));
            assertFalse(alerts(host, BackupAlert.Kind.SCHEDULE_FAILING));

            Path repository = place.backups().resolve("repository");
            WorkFolder.deleteTree(repository);
            Files.writeString(repository, "the backup disk is gone");
            assertEquals(List.of(), host.nextNight());
            assertTrue(
                    alerts(host, BackupAlert.Kind.SCHEDULE_FAILING),
                    () -> host.manager().health().toString());
        }
    }

    @Test
    void sonia07_alertsWhenNothingHappensAtAll() throws Exception {
        try (CalendarHost host = CalendarHost.start(SoniaPlace.at(temp), Instant.parse("2026-03-20T12:00:00Z"))) {
            host.nextNight();
            host.wait(Duration.ofHours(24).plusMinutes(4));
            assertFalse(alerts(host, BackupAlert.Kind.SCHEDULE_OVERDUE), "it may be late for five minutes");
            host.wait(Duration.ofMinutes(2));
            assertTrue(
                    alerts(host, BackupAlert.Kind.SCHEDULE_OVERDUE),
                    () -> host.manager().health().toString());
            host.runAt(host.now());
            assertFalse(alerts(host, BackupAlert.Kind.SCHEDULE_OVERDUE), "it is over");
        }
    }
}
