package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AuditInUseException;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.Incident;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableClock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody who can write to the folder, and stores that fail at the wrong moment, can do to a log. */
class HostileAuditLogTest {

    @TempDir
    private Path temp;

    private final MemoryBlobStore state = new MemoryBlobStore();
    private final SettableClock clock = SettableClock.at(AuditLines.NOW);
    private Path folder;

    @BeforeEach
    void chooseFolder() {
        folder = temp.resolve("audit");
    }

    private FileAuditLog small() {
        return FileAuditLog.at(folder, state).clock(clock).withoutDays().rotateAt(FileAuditLog.MIN_FILE_BYTES);
    }

    private static void append(AuditLog log, int from, int to) {
        for (int i = from; i < to; i++) {
            log.append(AuditLines.event("event-" + i));
        }
    }

    private static List<String> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "event-" + i).toList();
    }

    private static String hash(String line) throws Exception {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static String field(String line, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(line);
        assertTrue(field.find(), line);
        return field.group(1);
    }

    /** A file that claims to begin at that line, long ago; its number is higher than any of the log's own. */
    private String plant(long first, String previous) throws Exception {
        String begins = Files.readAllLines(AuditLines.files(folder).get(0)).get(0);
        String planted =
                "{\"seq\":%d,\"prev\":\"%s\",\"time\":\"2001-01-01T00:00:00Z\",\"kind\":\"chain\",\"format\":1,"
                                .formatted(first, previous)
                        + "\"chain\":\"%s\",\"carried\":0}".formatted(field(begins, "chain"));
        Files.writeString(folder.resolve("audit-%012d.jsonl".formatted(first)), planted + "\n");
        return hash(planted);
    }

    @Test
    void filesThatSomebodyPlantsBehindTheLogDoNotMakeRetentionRemoveIt() throws Exception {
        try (AuditLog log = small().keepFiles(2).open()) {
            append(log, 0, 2);
            String hash = "a".repeat(64);
            for (long first = 900_000_000; first < 900_000_003; first++) {
                hash = plant(first, hash);
            }
            append(log, 2, 12);
            List<String> there = AuditLines.targets(folder);
            assertFalse(log.verify().intact(), log.verify().describe() + ", with " + there);
            assertTrue(there.contains("event-11"), "the last acknowledged line is gone: " + there);
        }
    }

    @Test
    void filesMayBeKeptForEver() throws IOException {
        try (AuditLog log = small().keepFor(ChronoUnit.FOREVER.getDuration()).open()) {
            append(log, 0, 12);
        }
        assertEquals(events(0, 12), AuditLines.targets(folder));
    }

    @Test
    void anIncidentWhoseHeadRecordFailedIsOpenBeforeAndAfterTheNextOpening() {
        FaultyBlobStore faulty = FaultyBlobStore.over(state);
        List<String> known;
        try (AuditLog log = FileAuditLog.at(folder, faulty).clock(clock).open()) {
            append(log, 0, 1);
            faulty.failFrom(faulty.calls() + 1);
            StoreException e = assertThrows(StoreException.class, () -> log.report(AuditLines.report("first")));
            assertEquals(StoreException.Reason.OUTCOME_UNKNOWN, e.reason());
            faulty.heal();
            append(log, 1, 2);
            known = log.openIncidents().stream().map(Incident::id).toList();
        }
        try (AuditLog log = small().open()) {
            assertEquals(log.openIncidents().stream().map(Incident::id).toList(), known);
        }
    }

    @Test
    void aClosingWhoseHeadRecordFailedIsTheEndOfTheIncident() {
        FaultyBlobStore faulty = FaultyBlobStore.over(state);
        try (AuditLog log = FileAuditLog.at(folder, faulty).clock(clock).open()) {
            String id = log.report(AuditLines.report("first")).id();
            faulty.failFrom(faulty.calls() + 1);
            assertThrows(StoreException.class, () -> log.close(id, AuditLines.closing()));
            faulty.heal();
            append(log, 1, 2);
            assertEquals(List.of(), log.openIncidents());
        }
        try (AuditLog log = small().open()) {
            assertEquals(List.of(), log.openIncidents());
        }
    }

    @Test
    void aLineThatSomebodyPutsBehindTheLastAcknowledgedOneIsNotTakenInSilence() throws Exception {
        try (AuditLog log = small().open()) {
            append(log, 0, 2);
        }
        Path file = AuditLines.files(folder).get(0);
        List<String> lines = Files.readAllLines(file);
        String last = lines.get(lines.size() - 1);
        String forged = last.replace("\"seq\":3", "\"seq\":4")
                .replace(field(last, "prev"), hash(last))
                .replace("\"actor\":\"tester\"", "\"actor\":\"mallory\"");
        Files.writeString(file, forged + "\n", StandardOpenOption.APPEND);
        AuditPosition end;
        try (AuditLog log = small().open()) {
            end = log.head();
            assertTrue(log.verify().intact());
        }
        lines = Files.readAllLines(file);
        assertEquals(lines.size(), end.sequence());
        String noted = lines.get(lines.size() - 1);
        assertTrue(noted.contains("audit.lines-unacknowledged"), noted);
        assertTrue(noted.contains("\"first\":\"4\"") && noted.contains("\"last\":\"4\""), noted);
    }

    /** As a second class loader of one process does, whose own books know nothing of the first one's lock. */
    @Test
    void aRefusalToAnotherClassLoaderDoesNotDropTheLockThatItMet() throws Exception {
        Path stateFolder = temp.resolve("state");
        Files.createDirectories(folder);
        Path lock = folder.resolve("audit.lock");
        try (FileChannel held = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertTrue(held.tryLock().isValid());
            assertThrows(AuditInUseException.class, () -> small().open());
            try (AuditWriterProcess other = AuditWriterProcess.start(folder, stateFolder)) {
                String said = other.hear();
                assertTrue(said == null || said.isEmpty(), "a second writer: " + said);
            }
            assertTrue(held.isOpen());
        }
    }
}
