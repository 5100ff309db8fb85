package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.TestDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that writes a database and ships its log is killed, again and again. What it left goes on exactly, or begins anew and says so. */
@Timeout(900)
class CrashTest {

    private static final int KILLS = 8;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void aKilledHostGoesOnExactlyWhereItsLogWasShipped(long seed) throws Exception {
        Random random = new Random(seed);
        Path database = folder.resolve("host.db");
        LiveFollowingTest.create(database);
        for (int round = 0; round < KILLS; round++) {
            int mode = round % 4;
            Process child = child(database, mode, mode < 2 ? 0 : 1 + random.nextInt(12));
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                long commits = 0;
                long until = 30 + random.nextInt(400);
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.equals("failed")) {
                        throw new AssertionError("seed " + seed + " round " + round + ": " + out.readLine());
                    }
                    if (++commits == until && mode < 2) {
                        break;
                    }
                }
            } finally {
                child.destroyForcibly();
                child.waitFor();
            }
        }
        checkAll(database, seed);
    }

    /** Ships what is left, and then each timeline's transactions must add exactly one to the sequence each, and each timeline but the first must have raised an alarm. */
    private void checkAll(Path database, long seed) throws Exception {
        KeptLog log = KeptLog.in(folder.resolve("log"));
        Protected.Base last;
        try (Protected host = Protected.start(database, log)) {
            host.flush();
            last = host.base();
        }
        List<KeptLog.Timeline> timelines = log.timelines();
        // A log that was overwritten since the last look cannot be proved, which depends on what else the machine does;
        // not each of them was.
        assertTrue(
                timelines.size() <= KILLS,
                () -> "seed " + seed + ": "
                        + timelines.stream().map(KeptLog.Timeline::why).toList());
        long transactions = 0;
        for (int i = 0; i < timelines.size(); i++) {
            assertEquals(
                    i > 0,
                    timelines.get(i).gap(),
                    "seed " + seed + ": " + timelines.get(i).why());
            if (Files.exists(folder.resolve("base-" + i))) {
                transactions += check(i, timelines.get(i), last, "seed " + seed + " timeline " + i);
            }
        }
        assertTrue(transactions > 200, "transactions: " + transactions);
    }

    private long check(int number, KeptLog.Timeline timeline, Protected.Base last, String where) throws Exception {
        byte[] base = Files.readAllBytes(folder.resolve("base-" + number));
        long position = Long.parseLong(Files.readString(folder.resolve("position-" + number)));
        Path file = folder.resolve("replay-" + number);
        try (Replay replay = new Replay(file, base, new LogPosition(timeline.id(), position), timeline)) {
            long sequence = sequence(file);
            for (long at = position + 1; at <= replay.end(); at++) {
                replay.to(at);
                if (at % 7 == 0 || at > replay.end() - 50) {
                    assertEquals(sequence + at - position, sequence(file), where + " transaction " + at);
                }
            }
            LogPosition end = last.position().orElseThrow();
            if (end.timeline().equals(timeline.id())) {
                assertEquals(replay.end(), end.transaction());
                replay.assertSameAs(last.bytes(), where);
            }
            assertEquals("ok", TestDatabase.one(file, "PRAGMA integrity_check"));
            return replay.end() - position;
        }
    }

    @Test
    void aLogThatWasRestartedMeanwhileBeginsAnewWithAnAlarm() throws Exception {
        Path database = folder.resolve("host.db");
        LiveFollowingTest.create(database);
        try (Connection writer = TestDatabase.open(database)) {
            insert(writer, 1);
            KeptLog log = KeptLog.inMemory();
            try (Protected host = Protected.start(database, log)) {
                host.flush();
            }
            insert(writer, 2);
            TestDatabase.run(writer, "PRAGMA wal_checkpoint(PASSIVE)");
            insert(writer, 3);
            try (Protected host = Protected.start(database, log)) {
                host.flush();
                assertEquals(2, log.timelines().size());
                assertTrue(log.latest().gap());
            }
        }
    }

    @Test
    void aDatabaseThatWasClosedInOrderBeginsAnewWithoutAnAlarm() throws Exception {
        Path database = folder.resolve("host.db");
        LiveFollowingTest.create(database);
        KeptLog log = KeptLog.inMemory();
        try (Connection writer = TestDatabase.open(database)) {
            insert(writer, 1);
            try (Protected host = Protected.start(database, log)) {
                host.flush();
            }
            insert(writer, 2);
        }
        assertFalse(Files.exists(folder.resolve("host.db-wal")), "the host closed last");
        try (Protected host = Protected.start(database, log)) {
            host.flush();
            assertEquals(2, log.timelines().size());
            assertFalse(log.latest().gap());
            assertEquals(Continuity.UNWATCHED, log.latest().why());
        }
    }

    @Test
    void aHostThatStopsUsLastLeavesNoLogThatWouldSpoilAnotherFileInThisOnesPlace() throws Exception {
        Path database = folder.resolve("host.db");
        LiveFollowingTest.create(database);
        KeptLog log = KeptLog.inMemory();
        Path older = folder.resolve("older.db");
        for (int i = 1; i < 4; i++) {
            Protected host;
            try (Connection writer = TestDatabase.open(database)) {
                insert(writer, 10 * i);
                host = Protected.start(database, log);
                host.flush();
                insert(writer, 10 * i + 1);
            }
            host.close();
            assertFalse(Files.exists(folder.resolve("host.db-wal")));
            assertEquals(i, log.timelines().size());
            assertEquals(1, log.latest().transactions(), "what was committed at last is shipped");
            assertFalse(log.latest().gap());
            if (i == 1) {
                Files.copy(database, older);
            }
        }
        Files.copy(older, database, StandardCopyOption.REPLACE_EXISTING); // Nobody has it open.
        assertEquals("ok", TestDatabase.one(database, "PRAGMA integrity_check"));
        assertEquals("2", TestDatabase.one(database, "SELECT count(*) FROM log"));
    }

    private static void insert(Connection writer, int id) throws Exception {
        TestDatabase.run(writer, "INSERT INTO log VALUES(" + id + ", randomblob(100))");
    }

    private static long sequence(Path file) throws Exception {
        var connection = dev.cairn.backup.sqlite.live.Connections.openImmutable(file);
        try {
            assertEquals("100000", TestDatabase.one(connection, "SELECT sum(amount) FROM account"));
            long last = Long.parseLong(TestDatabase.one(connection, "SELECT coalesce(max(seq), 0) FROM log"));
            assertEquals(last, Long.parseLong(TestDatabase.one(connection, "SELECT count(*) FROM log")));
            return last;
        } finally {
            connection.close();
        }
    }

    private Process child(Path database, int mode, int step) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashTest.class.getName()));
        command.addAll(List.of(database.toString(), String.valueOf(mode), String.valueOf(step)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** {@code <database> <mode> <n>}: mode 2 dies at the nth keep, before it is kept; mode 3 right after it. */
    public static void main(String[] args) throws Exception {
        Path database = Path.of(args[0]);
        int mode = Integer.parseInt(args[1]);
        int[] left = {Integer.parseInt(args[2])};
        Path folder = database.resolveSibling("log");
        KeptLog log = KeptLog.in(folder);
        log.watch(step -> {
            if (step.equals(mode == 2 ? "keep" : "kept") && mode >= 2 && --left[0] == 0) {
                Runtime.getRuntime().halt(9);
            }
        });
        try (Connection writer = TestDatabase.open(database)) {
            TestDatabase.run(writer, "PRAGMA busy_timeout=60000", "PRAGMA synchronous=OFF");
            long sequence = Long.parseLong(TestDatabase.one(writer, "SELECT coalesce(max(seq), 0) FROM log"));
            ContinuousProtection settings = ContinuousProtection.defaults()
                    .pollEvery(Duration.ofMillis(50))
                    .walLimit(1 << 20);
            Protected host = Protected.start(database, log, settings);
            host.flush();
            int timeline = log.timelines().size() - 1;
            Path base = database.resolveSibling("base-" + timeline);
            if (!Files.exists(base)) {
                Protected.Base taken = host.base();
                Files.writeString(
                        database.resolveSibling("position-" + timeline),
                        String.valueOf(taken.position().orElseThrow().transaction()));
                Files.write(base, taken.bytes());
            }
            while (true) {
                sequence++;
                long account = 1 + sequence % 100;
                TestDatabase.run(
                        writer,
                        "BEGIN",
                        "UPDATE account SET amount = amount - 3 WHERE id = " + account,
                        "UPDATE account SET amount = amount + 3 WHERE id = " + (101 - account),
                        "INSERT INTO log VALUES(" + sequence + ", randomblob(" + (sequence % 40 == 0 ? 300_000 : 500)
                                + "))",
                        "COMMIT");
                if (sequence == 1) {
                    host.flush();
                }
                System.out.println(sequence);
            }
        } catch (Exception e) {
            System.out.println("failed");
            System.out.println(e);
            Runtime.getRuntime().halt(1);
        }
    }
}
