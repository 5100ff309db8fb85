package dev.cairn.backup.core.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.audit.WrittenLog;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.testkit.TestScratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduledDrillTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path temp;

    private final TestHost host = new TestHost();
    private WrittenLog log;
    private boolean sound = true;

    @BeforeEach
    void openTheLog() throws Exception {
        log = WrittenLog.in(Files.createDirectories(temp.resolve("audit")));
    }

    private CairnBuilder builder() {
        DrillRequest request = DrillRequest.latest()
                .objectives(Duration.ofDays(30), Duration.ofMinutes(5))
                .check("sound", Duration.ofMinutes(1), place -> sound);
        return host.builder()
                .scratch(TestScratch.in(temp.resolve("scratch")))
                .audit(log)
                .drills(DrillPolicy.of(Recurrence.every(DAY), request).controlEvery(2));
    }

    private List<DrillReport> drills() {
        return host.events(BackupEvent.DrillFinished.class).stream()
                .map(BackupEvent.DrillFinished::report)
                .toList();
    }

    private void aDayLater(SnapshotManager backups) {
        host.clock.advance(DAY);
        host.ticker.advance(DAY);
        backups.runIfDue();
    }

    @Test
    void itWaitsForTheFirstSnapshotAndThenRunsEachDayWithTheControlEverySecondTime() {
        try (SnapshotManager backups = builder().open()) {
            backups.runIfDue();
            assertEquals(List.of(), drills(), "there is nothing to rehearse yet");
            backups.create();
            host.ticker.advance(Duration.ofMinutes(1));
            backups.runIfDue();
            backups.runIfDue();
            assertEquals(1, drills().size());
            aDayLater(backups);
            aDayLater(backups);
        }
        assertEquals(
                List.of(true, false, true),
                drills().stream().map(DrillReport::controlled).toList());
        assertTrue(drills().stream().allMatch(DrillReport::passed), drills().toString());
        assertEquals(
                3,
                log.lines().stream()
                        .filter("snapshot.drill latest allowed schedule:drill"::equals)
                        .count(),
                log.lines().toString());
        assertEquals(List.of(), log.incidents());
    }

    @Test
    void aRestartedHostGoesOnWhereItWas() {
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            backups.runIfDue();
        }
        host.clock.advance(Duration.ofHours(23));
        try (SnapshotManager backups = builder().open()) {
            backups.runIfDue();
            assertEquals(1, drills().size());
            host.ticker.advance(Duration.ofHours(1));
            backups.runIfDue();
            assertEquals(2, drills().size());
        }
    }

    @Test
    void oneThatFailsIsAnIncidentAndTheNextIsDueInItsTime() {
        sound = false;
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            backups.runIfDue();
            backups.runIfDue();
            assertEquals(1, drills().size(), "the next is due in a day");
            assertTrue(
                    log.lines().contains("snapshot.drill latest failed schedule:drill"),
                    log.lines().toString());
            assertTrue(
                    log.incidents().get(0).startsWith("backup_drill_failed ESCALATE"),
                    log.incidents().toString());
            assertFalse(backups.health().problems().isEmpty());
            sound = true;
            aDayLater(backups);
            assertTrue(backups.lastDrill().orElseThrow().passed());
            assertTrue(backups.health().problems().stream().noneMatch(problem -> problem.contains("drill")));
        }
    }

    @Test
    void onThreadsOfItsOwnItAllHappensByItself() throws Exception {
        CountDownLatch drilled = new CountDownLatch(1);
        CountDownLatch verified = new CountDownLatch(1);
        try (SnapshotManager first = builder().open()) {
            first.create();
        }
        try (SnapshotManager backups = builder()
                .ticker(System::nanoTime)
                .threadFactory(Thread::new)
                .verification(
                        VerificationPolicy.everyByte(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofDays(1)))
                .listener(event -> {
                    if (event instanceof BackupEvent.DrillFinished) {
                        drilled.countDown();
                    } else if (event instanceof BackupEvent.VerificationFinished) {
                        verified.countDown();
                    }
                })
                .open()) {
            assertTrue(drilled.await(120, TimeUnit.SECONDS));
            assertTrue(verified.await(120, TimeUnit.SECONDS));
            assertTrue(backups.lastDrill().orElseThrow().passed());
            assertTrue(backups.lastVerified(SnapshotId.of("snap-1")).isPresent());
        }
    }
}
