package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditInUseException;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.DamagedAuditException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import dev.cairn.backup.testkit.FaultyBlobStore.Tear;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileAuditLogTest {

    @TempDir
    private Path temp;

    private final MemoryBlobStore state = new MemoryBlobStore();
    private final SettableClock clock = SettableClock.at(AuditLines.NOW);
    private Path folder;

    @BeforeEach
    void chooseFolder() {
        folder = temp.resolve("deep/audit");
    }

    private FileAuditLog log() {
        return FileAuditLog.at(folder, state).clock(clock);
    }

    private FileAuditLog small() {
        return log().rotateAt(FileAuditLog.MIN_FILE_BYTES);
    }

    private static void append(AuditLog log, int from, int to) {
        for (int i = from; i < to; i++) {
            log.append(AuditLines.event("event-" + i));
        }
    }

    private static List<String> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "event-" + i).toList();
    }

    @Test
    void linesAreAppendedAcrossOpenings() throws IOException {
        AuditPosition last;
        try (AuditLog log = log().open()) {
            assertEquals(2, log.append(AuditLines.event("event-0")).sequence(), "the first line names the chain");
            append(log, 1, 3);
            last = log.head();
        }
        try (AuditLog log = log().open()) {
            assertEquals(last, log.head());
            append(log, 3, 5);
            assertEquals(last.sequence() + 2, log.head().sequence());
            AuditVerification verification = log.verify();
            assertTrue(verification.intact() && verification.endProven(), verification.describe());
            assertEquals(1, verification.from());
            assertEquals(6, verification.to());
        }
        assertEquals(events(0, 5), AuditLines.targets(folder));
        assertEquals(1, AuditLines.files(folder).size());
        assertEquals(List.of(), AuditLines.torn(folder));
    }

    @Test
    void aLineHoldsWhatTheEventSays() throws IOException {
        try (AuditLog log = log().open()) {
            log.append(AuditEvent.denied(AuditLines.NOW, "", "snapshot.restore", "../\u0000\uD83D")
                    .detail("b", "2")
                    .detail("a", "1")
                    .incident("odd_target", AlertSeverity.WARN));
        }
        String line = Files.readAllLines(AuditLines.files(folder).get(0)).get(1);
        assertTrue(
                line.matches(
                        "\\{\"seq\":2,\"prev\":\"[0-9a-f]{64}\",\"time\":\"2026-02-18T09:00:00Z\",\"kind\":\"event\","
                                + "\"actor\":\"\",\"action\":\"snapshot.restore\",\"target\":\"../\\\\u0000\uFFFD\",\"outcome\":\"denied\","
                                + "\"details\":\\{\"a\":\"1\",\"b\":\"2\"},\"incident\":\\{\"code\":\"odd_target\",\"severity\":\"warn\"}}"),
                line);
    }

    @Test
    void theLongestEventAndIncidentFitIntoALine() {
        String worst = "\u0001".repeat(5000);
        AuditEvent event = AuditEvent.failed(AuditLines.NOW, worst, worst, worst);
        for (int i = 0; i < AuditEvent.MAX_DETAILS; i++) {
            event = event.detail(String.format("%064d", i).replace('0', '\u0002'), worst);
        }
        try (AuditLog log = log().open()) {
            log.append(event);
            log.report(new Incident.Report(
                    AuditLines.NOW,
                    worst,
                    AuditLines.report("x").kind(),
                    worst,
                    Collections.nCopies(Incident.MAX_RELATED, worst)));
            assertTrue(log.verify().intact(), log.verify().describe());
        }
        try (AuditLog log = log().open()) {
            assertEquals(1, log.openIncidents().size());
        }
    }

    @Test
    void aNewFileContinuesTheChain() throws IOException {
        try (AuditLog log = small().open()) {
            append(log, 0, 30);
            assertTrue(log.verify().intact(), log.verify().describe());
        }
        assertTrue(AuditLines.files(folder).size() > 3);
        assertEquals(events(0, 30), AuditLines.targets(folder));
        try (AuditLog log = small().open()) {
            append(log, 30, 31);
        }
        assertTrue(small().verify().intact());
    }

    @Test
    void aNewFileIsBegunOnEachDayOfTheZoneAndNoneWhenTheClockGoesBack() throws IOException {
        try (AuditLog log = log().daysIn(ZoneId.of("Pacific/Auckland")).open()) { // There it is 22:00.
            append(log, 0, 1);
            clock.advance(Duration.ofMinutes(119));
            append(log, 1, 2);
            assertEquals(1, AuditLines.files(folder).size());
            clock.advance(Duration.ofMinutes(1));
            append(log, 2, 3);
            assertEquals(2, AuditLines.files(folder).size());
            clock.advance(Duration.ofDays(-3));
            append(log, 3, 4);
            assertEquals(2, AuditLines.files(folder).size());
        }
        clock.advance(Duration.ofDays(5));
        try (AuditLog log = log().withoutDays().open()) {
            append(log, 4, 5);
            assertEquals(2, AuditLines.files(folder).size());
            assertTrue(log.verify().intact());
        }
    }

    @Test
    void retentionRemovesWholeOldFilesAndTheLogIsCompleteFromThereOn() throws IOException {
        try (AuditLog log = small().keepFiles(3).open()) {
            append(log, 0, 40);
            assertEquals(3, AuditLines.files(folder).size());
            AuditVerification verification = log.verify();
            assertTrue(verification.intact(), verification.describe());
            assertTrue(verification.from() > 20, verification.describe());
            assertEquals(log.head().sequence(), verification.to());
        }
        assertTrue(AuditLines.text(folder).contains("audit.files-removed"));
        assertTrue(small().verify().intact());
        try (AuditLog log = small().open()) {
            append(log, 40, 41);
        }
        Files.delete(AuditLines.files(folder).get(0));
        assertFalse(small().verify().intact(), "what somebody else removed is missing");
    }

    @Test
    void filesStayUntilTheyAreOldEnoughForEveryRule() throws IOException {
        try (AuditLog log =
                small().withoutDays().keepFiles(2).keepFor(Duration.ofDays(30)).open()) {
            append(log, 0, 30);
            int young = AuditLines.files(folder).size();
            assertTrue(young > 4, "more than two, all of them young");
            clock.advance(Duration.ofDays(31));
            append(log, 30, 40);
            assertTrue(AuditLines.files(folder).size() < young, "the old ones went");
            assertTrue(log.verify().intact());
            assertTrue(log.verify().from() > 15, log.verify().describe());
        }
    }

    @Test
    void incidentsStayOpenAcrossFilesRetentionAndOpeningsUntilTheyAreClosed() throws IOException {
        Incident first;
        Incident second;
        try (AuditLog log = small().keepFiles(2).open()) {
            first = log.report(AuditLines.report("the first"));
            second = log.report(AuditLines.report("the second"));
            append(log, 0, 30);
            assertTrue(log.verify().from() > 5);
            assertEquals(List.of(first, second), log.openIncidents());
        }
        try (AuditLog log = small().keepFiles(2).open()) {
            assertEquals(List.of(first, second), log.openIncidents());
            Incident closed = log.close(first.id(), AuditLines.closing());
            assertEquals(Optional.of(AuditLines.closing()), closed.closing());
            assertEquals(first.report(), closed.report());
            assertEquals(List.of(second), log.openIncidents());
            assertThrows(InvalidValueException.class, () -> log.close(first.id(), AuditLines.closing()));
            append(log, 30, 50);
            assertTrue(log.verify().intact());
        }
        try (AuditLog log = small().open()) {
            assertEquals(List.of(second), log.openIncidents());
            assertFalse(log.report(AuditLines.report("the first")).id().equals(first.id()), "never given again");
        }
    }

    @Test
    void openIncidentsAreLimitedAndEventsGoOn() {
        try (AuditLog log = log().open()) {
            for (int i = 0; i < 1000; i++) {
                log.report(AuditLines.report("number " + i));
            }
            assertThrows(LimitExceededException.class, () -> log.report(AuditLines.report("one more")));
            append(log, 0, 1);
            log.close(log.openIncidents().get(17).id(), AuditLines.closing());
            log.report(AuditLines.report("one more"));
            assertTrue(log.verify().intact());
        }
        clock.advance(Duration.ofDays(1));
        try (AuditLog log = log().open()) {
            append(log, 1, 2);
            assertEquals(1000, log.openIncidents().size());
            assertTrue(log.verify().intact(), log.verify().describe());
        }
    }

    @Test
    void manyEventsAreAppendedTogether() throws IOException {
        try (AuditLog log = log().open()) {
            List<AuditEvent> many = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                many.add(AuditLines.event("event-" + i));
            }
            List<AuditPosition> positions = log.append(many);
            assertEquals(1000, positions.size());
            assertEquals(2, positions.get(0).sequence());
            assertEquals(log.head(), positions.get(999));
            assertEquals(List.of(), log.append(List.of()));
            many.add(AuditLines.event("one too many"));
            assertThrows(LimitExceededException.class, () -> log.append(many));
        }
        assertEquals(events(0, 1000), AuditLines.targets(folder));
    }

    @Test
    void manyThreadsKeepTheChain() throws Exception {
        int threads = 8;
        int each = 60;
        HashSet<AuditPosition> positions = new HashSet<>();
        try (AuditLog log = small().open()) {
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                List<Future<List<AuditPosition>>> futures = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int thread = t;
                    futures.add(pool.submit(() -> {
                        List<AuditPosition> mine = new ArrayList<>();
                        for (int i = 0; i < each; i++) {
                            mine.add(log.append(AuditLines.event(thread + "-" + i)));
                            if (i % 20 == 0) {
                                assertTrue(log.verify().intact(), log.verify().describe());
                            }
                        }
                        return mine;
                    }));
                }
                for (Future<List<AuditPosition>> future : futures) {
                    List<AuditPosition> mine = future.get();
                    for (int i = 1; i < each; i++) {
                        assertTrue(mine.get(i).sequence() > mine.get(i - 1).sequence());
                    }
                    positions.addAll(mine);
                }
            } finally {
                pool.shutdownNow();
            }
        }
        assertEquals(threads * each, positions.size());
        assertEquals(threads * each, new HashSet<>(AuditLines.targets(folder)).size());
        assertTrue(small().verify().intact(), small().verify().describe());
    }

    @Test
    void anInterruptBreaksNothingAndTheFlagIsKept() {
        try (AuditLog log = log().open()) {
            Thread.currentThread().interrupt();
            append(log, 0, 3);
            assertTrue(log.verify().intact());
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aSecondWriterIsRefused() {
        try (AuditLog log = log().open()) {
            AuditInUseException refused = assertThrows(AuditInUseException.class, () -> log().open());
            assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
            assertThrows(
                    AuditInUseException.class,
                    () -> FileAuditLog.at(folder.resolve("../audit"), state).open());
            append(log, 0, 1);
            assertTrue(log().verify().intact(), "looking is allowed");
        }
        log().open().close();
    }

    @Test
    void anotherProcessHasTheLogUntilItIsKilledAndItsLinesAreAllThere() throws Exception {
        Path stateFolder = temp.resolve("state");
        FileAuditLog log =
                FileAuditLog.at(folder, FileBlobStore.at(stateFolder)).rotateAt(FileAuditLog.MIN_FILE_BYTES);
        int acknowledged = -1;
        for (int kill = 0; kill < 3; kill++) {
            try (AuditWriterProcess other = AuditWriterProcess.start(folder, stateFolder)) {
                assertEquals("open", other.hear());
                assertThrows(AuditInUseException.class, log::open);
                for (int i = 0; i < 10 + 7 * kill; i++) {
                    acknowledged = Integer.parseInt(other.hear());
                }
                other.kill();
                for (String said = other.hear(); said != null && !said.isEmpty(); said = other.hear()) {
                    acknowledged = Integer.parseInt(said);
                }
            }
            int before = AuditLines.targets(folder).lastIndexOf("0");
            try (AuditLog mine = log.open()) {
                assertTrue(mine.verify().intact(), mine.verify().describe());
                List<String> there = AuditLines.targets(folder);
                List<String> run = there.subList(before, there.size());
                for (int i = 0; i <= acknowledged; i++) {
                    assertEquals(Integer.toString(i), run.get(i));
                }
            }
        }
    }

    @Test
    void aTornLineIsPutAsideAndNoted() throws IOException {
        try (AuditLog log = log().open()) {
            append(log, 0, 3);
        }
        Path file = AuditLines.files(folder).get(0);
        long length = Files.size(file);
        Files.writeString(file, "{\"seq\":5,\"pre", StandardOpenOption.APPEND);
        assertFalse(log().verify().intact(), "a verifier names it");
        try (AuditLog log = log().open()) {
            append(log, 3, 4);
            assertTrue(log.verify().intact(), log.verify().describe());
        }
        assertEquals(events(0, 4), AuditLines.targets(folder));
        assertEquals(
                "{\"seq\":5,\"pre", Files.readString(AuditLines.torn(folder).get(0)));
        assertEquals(1, AuditLines.torn(folder).size());
        String noted = Files.readAllLines(file).get(4);
        assertTrue(noted.contains("audit.line-torn") && noted.contains("\"outcome\":\"failed\""), noted);
        assertTrue(length < Files.size(file));
    }

    @Test
    void aWholeLineThatNobodyWasPromisedIsKept() throws IOException {
        FaultyBlobStore faulty = FaultyBlobStore.over(state);
        try (AuditLog log = FileAuditLog.at(folder, faulty).clock(clock).open()) {
            append(log, 0, 2);
            faulty.failFrom(1);
            StoreException e = assertThrows(StoreException.class, () -> append(log, 2, 3));
            assertEquals(StoreException.Reason.OUTCOME_UNKNOWN, e.reason());
        }
        AuditVerification before = log().verify();
        assertTrue(before.intact());
        assertEquals(1, before.beyondHead());
        try (AuditLog log = log().open()) {
            append(log, 3, 4);
            assertEquals(0, log.verify().beyondHead());
        }
        assertEquals(events(0, 4), AuditLines.targets(folder));
        assertTrue(log().verify().intact());
    }

    @ParameterizedTest
    @EnumSource(Tear.class)
    void aHeadRecordThatMayNotBeThereIsAnUnknownOutcomeAndTheNextLineMakesUpForIt(Tear tear) throws IOException {
        FaultyBlobStore faulty = FaultyBlobStore.over(state);
        try (AuditLog log =
                FileAuditLog.at(folder, faulty).rotateAt(1024).clock(clock).open()) {
            append(log, 0, 10);
            for (int call = 1; call < 4; call++) {
                append(log, 100 * call, 100 * call + 1);
                faulty.tearAt(faulty.calls(Operation.PUT) + 1, tear);
                int event = 100 * call + 1;
                StoreException e = assertThrows(StoreException.class, () -> append(log, event, event + 1));
                assertEquals(StoreException.Reason.OUTCOME_UNKNOWN, e.reason());
                faulty.heal();
                assertTrue(FileAuditLog.at(folder, state).verify().intact());
                append(log, event + 1, event + 2);
            }
            assertTrue(log.verify().intact());
            assertEquals(0, log.verify().beyondHead());
        }
        assertTrue(small().verify().intact(), small().verify().describe());
        small().open().close();
    }

    @Test
    void aStateStoreThatIsAwayForLongLosesNothing() throws IOException {
        FaultyBlobStore faulty = FaultyBlobStore.over(state);
        try (AuditLog log =
                FileAuditLog.at(folder, faulty).rotateAt(1024).clock(clock).open()) {
            append(log, 0, 2);
            faulty.failFrom(1);
            for (int i = 2; i < 30; i++) {
                int event = i;
                assertThrows(StoreException.class, () -> append(log, event, event + 1));
            }
        }
        assertTrue(AuditLines.files(folder).size() > 4);
        try (AuditLog log = small().open()) {
            assertEquals(0, log.verify().beyondHead());
            assertTrue(log.verify().intact(), log.verify().describe());
        }
        assertEquals(events(0, 30), AuditLines.targets(folder));
    }

    @Test
    void damageIsAcceptedByAnOperatorAndTheOldFilesAreKept() throws IOException {
        Incident incident;
        try (AuditLog log = small().open()) {
            incident = log.report(AuditLines.report("open"));
            append(log, 0, 20);
        }
        Path last = AuditLines.files(folder).get(AuditLines.files(folder).size() - 1);
        byte[] damaged = Files.readAllBytes(last);
        damaged[30] ^= 1;
        Files.write(last, damaged);
        int files = AuditLines.files(folder).size();
        assertThrows(DamagedAuditException.class, () -> small().open());
        long to;
        try (AuditLog log = small().acceptDamage("mara", "disk replaced").open()) {
            assertEquals(List.of(), log.openIncidents());
            append(log, 20, 40);
            AuditVerification verification = log.verify();
            assertTrue(verification.intact(), verification.describe());
            assertTrue(verification.from() > 20);
            to = verification.to();
        }
        String text = AuditLines.text(folder);
        assertTrue(text.contains("audit.damage-accepted") && text.contains("mara") && text.contains("disk replaced"));
        assertTrue(text.contains(last.getFileName().toString()), "it says where the damage was");
        Path aside = folder.resolve("set-aside-1");
        assertEquals(files, AuditLines.files(aside).size());
        assertTrue(Arrays.equals(damaged, Files.readAllBytes(aside.resolve(last.getFileName()))));
        assertFalse(FileAuditLog.verifyWithoutHead(aside).intact());
        try (AuditLog log = small().acceptDamage("mara", "still there").open()) {
            assertEquals(to, log.head().sequence(), "a log that is not damaged is not put aside");
        }
        assertFalse(incident.id().isEmpty());
    }

    @Test
    void aLostStateStoreIsDamageThatCanBeAccepted() throws IOException {
        try (AuditLog log = small().open()) {
            append(log, 0, 20);
        }
        long highest = small().verify().to();
        MemoryBlobStore empty = new MemoryBlobStore();
        FileAuditLog orphan = FileAuditLog.at(folder, empty);
        assertThrows(DamagedAuditException.class, orphan::open);
        try (AuditLog log = orphan.acceptDamage("mara", "state store lost").open()) {
            assertTrue(log.verify().intact(), log.verify().describe());
            assertEquals(highest + 1, log.verify().from(), "numbers are not given again");
        }
        orphan.open().close();
        assertTrue(FileAuditLog.verifyWithoutHead(folder.resolve("set-aside-1")).intact());
    }

    @Test
    void aRemovedFolderIsDamage() throws IOException {
        try (AuditLog log = log().open()) {
            append(log, 0, 2);
        }
        Files.delete(AuditLines.files(folder).get(0));
        assertThrows(DamagedAuditException.class, () -> log().open());
        try (AuditLog log = log().acceptDamage("mara", "gone").open()) {
            append(log, 2, 3);
            assertTrue(log.verify().intact(), log.verify().describe());
        }
    }

    @Test
    void severalLogsShareAStateStore() throws IOException {
        Path other = temp.resolve("other");
        try (AuditLog one = log().open();
                AuditLog two = FileAuditLog.at(other, state).named("second").open()) {
            append(one, 0, 50);
            append(two, 50, 53);
            assertTrue(one.verify().intact() && two.verify().intact());
        }
        assertEquals(events(50, 53), AuditLines.targets(other));
        assertTrue(state.list("audit/main").size() <= 33, "old head records go");
    }

    @Test
    void aClosedLogTakesNothing() {
        AuditLog log = log().open();
        log.close();
        log.close();
        assertThrows(BackupBusyException.class, () -> append(log, 0, 1));
        assertThrows(BackupBusyException.class, () -> log.report(AuditLines.report("x")));
        assertThrows(BackupBusyException.class, log::verify);
    }

    @Test
    void valuesThatCannotBeRightAreRefused() {
        assertThrows(InvalidValueException.class, () -> log().rotateAt(1023));
        assertThrows(InvalidValueException.class, () -> log().rotateAt((1L << 30) + 1));
        assertThrows(InvalidValueException.class, () -> log().keepFiles(1));
        assertThrows(InvalidValueException.class, () -> log().keepFor(Duration.ZERO));
        assertThrows(InvalidValueException.class, () -> log().named("a/b"));
        assertThrows(InvalidValueException.class, () -> log().acceptDamage(" ", "reason"));
    }

    @Test
    void theLogTellsWhereItLiesAndIsReadableByItsOwnerOnly() throws IOException {
        try (AuditLog log = log().open()) {
            append(log, 0, 1);
            Location location = log.location().orElseThrow();
            assertEquals(location, log().location());
            assertTrue(FilesDataset.of("deep", temp.resolve("deep"))
                    .location()
                    .orElseThrow()
                    .contains(location));
        }
        if (Files.getFileStore(temp).supportsFileAttributeView("posix")) {
            for (Path file : AuditLines.files(folder)) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        }
    }
}
