package dev.cairn.backup.examples.sonia.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's checklist and the purge of what has been archived for a year, under a clock that is set. */
class SoniaHygieneTest {

    @TempDir
    Path temp;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-20T12:00:00Z"));
    private MemoryDatabase memory;
    private SnapshotManager manager;

    @BeforeEach
    void open() {
        SoniaPlace place = SoniaPlace.at(temp);
        memory = new MemoryDatabase(place.database());
        memory.open();
        manager = Cairn.builder()
                .repository(place.repository())
                .state(place.state("hygiene"))
                .scratch(place.scratch("hygiene"))
                .dataset(new MemoryBackups(place, now::get).database())
                .schedule(
                        MemoryBackups.DAILY,
                        Recurrence.daily(LocalTime.of(2, 0), ZoneOffset.UTC),
                        DatasetSelection.all(),
                        Retention.keepLast(MemoryBackups.DAYS))
                .listener(new YearlyPurge(memory, now::get))
                .clock(now::get)
                .callerThreadsOnly()
                .open();
    }

    @AfterEach
    void close() {
        manager.close();
        memory.close();
    }

    private List<String> warnings(Hygiene hygiene) {
        return hygiene.warnings(manager.health(), manager.list(), now.get());
    }

    private List<String> warnings() {
        return warnings(new Hygiene(List.of(), disk -> 0));
    }

    private static boolean says(List<String> warnings, String text) {
        return warnings.stream().anyMatch(warning -> warning.contains(text));
    }

    private String manual() {
        return manager.create(SnapshotRequest.of().label(MemoryBackups.MANUAL))
                .metadata()
                .id()
                .value();
    }

    @Test
    void sonia08_warnsOfAnEmptySnapshot() throws Exception {
        String empty = manual();
        assertTrue(says(warnings(), empty + " is empty"));
        memory.add("no longer empty", now.get());
        String full = manual();
        assertFalse(says(warnings(), full + " is empty"), () -> warnings().toString());
    }

    @Test
    void sonia08_warnsOfManualBackupsOlderThanNinetyDaysOnly() throws Exception {
        memory.add("something", now.get());
        String old = manual();
        now.updateAndGet(at -> at.plus(Duration.ofDays(90)));
        assertFalse(says(warnings(), "days old"));
        String young = manual();
        now.updateAndGet(at -> at.plus(Duration.ofDays(1)));
        assertTrue(says(warnings(), old + " is 91 days old"), () -> warnings().toString());
        assertFalse(says(warnings(), young + " is"));
        manager.runIfDue();
        now.updateAndGet(at -> at.plus(Duration.ofDays(95)));
        assertEquals(
                2,
                warnings().stream()
                        .filter(warning -> warning.contains("days old"))
                        .count(),
                "the daily one goes by itself");
    }

    @Test
    void sonia08_warnsOfADiskWithTooLittleRoom() throws Exception {
        Path full = temp.resolve("full");
        Path roomy = temp.resolve("roomy");
        Hygiene hygiene = new Hygiene(List.of(full, roomy), disk -> disk.equals(full) ? 60L << 20 : 1L << 40);
        assertTrue(says(warnings(hygiene), full + " has " + (60L << 20) + " bytes free"));
        assertFalse(says(warnings(hygiene), roomy.toString()));
        memory.add("x".repeat(30 << 20), now.get());
        manual();
        Hygiene enoughForSmallOnes = new Hygiene(List.of(full), disk -> 80L << 20);
        assertTrue(says(warnings(enoughForSmallOnes), "bytes free"), "three times the newest backup are needed");
        assertFalse(says(warnings(Hygiene.of(temp.resolve("not/there/yet"))), "not/there/yet has 0 bytes"));
    }

    @Test
    void sonia08_warnsOfGrowth() throws Exception {
        for (int night = 0; night < 4; night++) {
            manual();
        }
        assertFalse(says(warnings(), "has grown"), () -> warnings().toString());
        memory.add("x".repeat(3 << 20), now.get());
        manual();
        assertEquals(
                1,
                warnings().stream()
                        .filter(warning -> warning.contains("dataset 'database' has grown to"))
                        .count(),
                () -> warnings().toString());
    }

    @Test
    void sonia09_whatWasArchivedForAYearIsPurgedAfterTheDailyBackupAndNothingElse() throws Exception {
        String old = memory.add("old thought", now.get()).id();
        memory.archive(old, now.get());
        now.updateAndGet(at -> at.plus(Duration.ofDays(2)));
        String young = memory.add("young thought", now.get()).id();
        memory.archive(young, now.get());
        String live = memory.add("live thought", Instant.EPOCH).id();
        now.updateAndGet(at -> at.plus(Duration.ofDays(363)));
        assertEquals(0, new YearlyPurge(memory, now::get).now(), "a year to the second is not over a year");
        assertEquals(List.of(old, young), ids());

        now.updateAndGet(at -> at.plus(Duration.ofHours(1)));
        manual();
        assertEquals(List.of(old, young), ids(), "a manual one purges nothing");
        assertEquals(1, manager.runIfDue().size());
        assertEquals(List.of(young), ids());
        assertEquals(live, memory.search("live thought", 5).get(0).id());
        assertEquals(
                4L,
                manager.list().get(manager.list().size() - 1).counts().get("memories"),
                "what was purged is in the backup that was taken before");
    }

    private List<String> ids() throws Exception {
        return memory.archived("thought").stream().map(Memory::id).toList();
    }
}
