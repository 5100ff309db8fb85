package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.Incident;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileAuditLogCrashTest {

    private static final int EVENTS = 8;

    private MemoryFolder memory;
    private Path temp;

    @BeforeEach
    void makeRoom() throws IOException {
        memory = MemoryFolder.create();
        temp = memory.path();
    }

    @AfterEach
    void removeStates() throws IOException {
        memory.close();
    }

    private static FileAuditLog log(Path root) {
        return FileAuditLog.at(root.resolve("audit"), FileBlobStore.at(root.resolve("state")))
                .rotateAt(FileAuditLog.MIN_FILE_BYTES)
                .withoutDays();
    }

    @Test
    void everyAcknowledgedLineIsThereAfterEveryPowerCut() throws Exception {
        int states = recorded().forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(8), this::check);
        assertTrue(states > 250, states + " states");
    }

    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticed(RecipeMistake mistake) throws Exception {
        CrashFileSystem disk = recorded().asIf(mistake);
        assertThrows(
                AssertionError.class,
                () -> disk.forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(3), this::check));
    }

    /** Appends, rotates with an incident open, closes and opens again. */
    private CrashFileSystem recorded() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        try (AuditLog log = log(disk.root()).open()) {
            disk.mark("open");
            Incident incident = log.report(AuditLines.report("open"));
            disk.mark("reported");
            for (int i = 0; i < EVENTS; i++) {
                log.append(AuditLines.event("event-" + i));
                disk.mark("event-" + i);
            }
            disk.mark("closing");
            log.close(incident.id(), AuditLines.closing());
            disk.mark("closed");
        }
        try (AuditLog log = log(disk.root()).open()) {
            log.append(AuditLines.event("event-" + EVENTS));
            disk.mark("event-" + EVENTS);
        }
        assertTrue(AuditLines.files(disk.root().resolve("audit")).size() > 2, "it has rotated");
        return disk;
    }

    private void check(CrashState state) throws Exception {
        // Recovered through a file system that forces nothing, which takes time.
        Path root = CrashFileSystem.over(state.directory()).root();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i <= EVENTS; i++) {
            if (state.marked("event-" + i)) {
                expected.add("event-" + i);
            }
        }
        try (AuditLog log = log(root).open()) {
            List<String> there = AuditLines.targets(root.resolve("audit"));
            assertTrue(there.size() >= expected.size(), "there is " + there);
            assertEquals(expected, there.subList(0, expected.size()));
            assertTrue(there.size() <= expected.size() + 1, "only the last one was under way");
            assertTrue(AuditLines.torn(root.resolve("audit")).size() <= 1);
            if (state.marked("reported") && !state.marked("closing")) {
                assertEquals(1, log.openIncidents().size());
            }
            if (state.marked("closed")) {
                assertEquals(List.of(), log.openIncidents());
            }
            log.append(AuditLines.event("after"));
            AuditVerification verification = log.verify();
            assertTrue(verification.intact() && verification.endProven(), verification.describe());
        }
        assertTrue(log(root).verify().intact());
    }

    @Test
    void retentionLeavesNoGapWhateverPowerCutComes() throws Exception {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        try (AuditLog log = log(disk.root()).keepFiles(2).open()) {
            for (int i = 0; i < 14; i++) {
                log.append(AuditLines.event("event-" + i));
                disk.mark("event-" + i);
            }
            assertTrue(log.verify().from() > 5, log.verify().describe());
        }
        disk.forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(3), state -> {
            Path root = CrashFileSystem.over(state.directory()).root();
            try (AuditLog log = log(root).keepFiles(2).open()) {
                assertTrue(log.verify().intact(), log.verify().describe());
                int last = state.marks().size() - 1;
                assertTrue(
                        last < 0 || AuditLines.targets(root.resolve("audit")).contains("event-" + last),
                        "the newest stays");
            }
        });
    }

    @Test
    void aPowerCutInTheMiddleOfTheWayBackLosesNothing() throws Exception {
        Path real = temp.resolve("real");
        CrashFileSystem before = CrashFileSystem.over(real);
        try (AuditLog log = log(before.root()).open()) {
            log.append(AuditLines.event("kept"));
        }
        Path file = AuditLines.files(real.resolve("audit")).get(0);
        Files.writeString(file, "{\"seq\":3,\"prev\":\"torn", StandardOpenOption.APPEND);
        CrashFileSystem disk = CrashFileSystem.over(real);
        log(disk.root()).open().close();
        disk.mark("recovered");
        disk.forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(5), state -> {
            Path root = CrashFileSystem.over(state.directory()).root();
            try (AuditLog log = log(root).open()) {
                assertEquals(List.of("kept"), AuditLines.targets(root.resolve("audit")));
                assertTrue(log.verify().intact(), log.verify().describe());
            }
            boolean noted = AuditLines.text(root.resolve("audit")).contains("audit.line-torn");
            assertTrue(noted || !state.marked("recovered"));
            assertFalse(AuditLines.torn(root.resolve("audit")).isEmpty(), "what was torn is kept");
        });
    }

    @Test
    void acceptingDamageMayBeInterruptedAnywhere() throws Exception {
        Path real = temp.resolve("real");
        CrashFileSystem before = CrashFileSystem.over(real);
        try (AuditLog log = log(before.root()).open()) {
            for (int i = 0; i < EVENTS; i++) {
                log.append(AuditLines.event("event-" + i));
            }
        }
        List<Path> files = AuditLines.files(real.resolve("audit"));
        Files.delete(files.get(files.size() - 1));
        CrashFileSystem disk = CrashFileSystem.over(real);
        log(disk.root()).acceptDamage("mara", "lost").open().close();
        disk.mark("accepted");
        disk.forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(4), state -> {
            Path root = CrashFileSystem.over(state.directory()).root();
            FileAuditLog log = state.marked("accepted") ? log(root) : log(root).acceptDamage("mara", "again");
            try (AuditLog open = log.open()) {
                open.append(AuditLines.event("after"));
                assertTrue(open.verify().intact(), open.verify().describe());
                assertTrue(open.verify().from() > EVENTS - 3, "numbers are not given again: " + open.verify());
            }
        });
    }

    /** What a failing disk may do to an append; the state store is on another one. */
    private interface Fault {
        void on(CrashFileSystem disk, int number);
    }

    private int failEverywhere(Fault fault) throws Exception {
        for (int number = 1; ; number++) {
            Path real = temp.resolve("fault-" + number);
            CrashFileSystem disk = CrashFileSystem.over(real);
            MemoryBlobStore state = new MemoryBlobStore();
            FileAuditLog log = FileAuditLog.at(disk.root().resolve("audit"), state)
                    .rotateAt(FileAuditLog.MIN_FILE_BYTES)
                    .withoutDays();
            List<String> acknowledged = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            boolean failed = false;
            try (AuditLog open = log.open()) {
                fault.on(disk, number);
                for (int i = 0; i < EVENTS; i++) {
                    failed |= !appended(open, "event-" + i, acknowledged, unknown);
                }
                disk.heal();
                assertTrue(appended(open, "healed", acknowledged, unknown));
                assertTrue(open.verify().intact(), open.verify().describe());
            }
            try (AuditLog open = log.open()) {
                List<String> there =
                        new ArrayList<>(AuditLines.targets(disk.root().resolve("audit")));
                there.removeIf(unknown::contains);
                assertEquals(acknowledged, there, "fault " + number);
                assertTrue(open.verify().intact(), open.verify().describe());
            }
            assertEquals(List.of(), AuditLines.torn(disk.root().resolve("audit")), "fault " + number);
            if (!failed) {
                return number - 1;
            }
        }
    }

    private static boolean appended(AuditLog log, String target, List<String> acknowledged, List<String> unknown) {
        try {
            log.append(AuditLines.event(target));
            acknowledged.add(target);
            return true;
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.OUTCOME_UNKNOWN) {
                unknown.add(target);
            }
            return false;
        }
    }

    @Test
    void aFailureOfAnyOperationLeavesNoHalfLine() throws Exception {
        assertTrue(failEverywhere(CrashFileSystem::failAt) > EVENTS);
    }

    @Test
    void aFailureOfAnyForceLeavesNoHalfLine() throws Exception {
        assertTrue(failEverywhere(CrashFileSystem::failForceAt) > EVENTS);
    }

    @Test
    void aFullDiskLeavesNoHalfLineAndIsTold() throws Exception {
        assertTrue(failEverywhere(CrashFileSystem::fullAtWrite) > EVENTS);
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("full"));
        try (AuditLog log = FileAuditLog.at(disk.root().resolve("audit"), new MemoryBlobStore())
                .open()) {
            log.append(AuditLines.event("fits"));
            long size =
                    Files.size(AuditLines.files(disk.root().resolve("audit")).get(0));
            disk.fullAtWrite(1);
            StoreException e = assertThrows(StoreException.class, () -> log.append(AuditLines.event("does not")));
            assertEquals(StoreException.Reason.FULL, e.reason());
            assertEquals(
                    size,
                    Files.size(AuditLines.files(disk.root().resolve("audit")).get(0)));
        }
    }

    /** After a force that failed, what was acknowledged later must not rest on pages that were never written. */
    @Test
    void whatIsAcknowledgedAfterAFailedForceSurvivesAPowerCut() throws Exception {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        try (AuditLog log = log(disk.root()).open()) {
            log.append(AuditLines.event("first"));
            disk.mark("first");
            disk.failForceAt(1);
            assertThrows(StoreException.class, () -> log.append(AuditLines.event("lost, and longer than others")));
            disk.heal();
            log.append(AuditLines.event("second"));
            disk.mark("second");
        }
        disk.forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(6), state -> {
            Path root = CrashFileSystem.over(state.directory()).root();
            try (AuditLog log = log(root).open()) {
                List<String> there = AuditLines.targets(root.resolve("audit"));
                assertTrue(!state.marked("first") || there.contains("first"), "there is " + there);
                assertTrue(!state.marked("second") || there.contains("second"), "there is " + there);
                assertTrue(log.verify().intact(), log.verify().describe());
            }
        });
    }
}
