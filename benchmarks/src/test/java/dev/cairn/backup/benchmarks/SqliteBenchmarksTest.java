package dev.cairn.backup.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks of SQLite databases run, small, and count what they say they count. How fast it was is nobody's business here. */
class SqliteBenchmarksTest {

    @TempDir
    Path work;

    @Test
    void eachStepOfCairnIsMeasuredAndWhatItRestoresIsTheHostsDatabase() throws Exception {
        List<JsonNode> lines = PrintedLines.of(
                work,
                SqlitePeersBenchmark::main,
                "--mb",
                "3",
                "--rows",
                "5",
                "--peers",
                "cairn",
                "--rounds",
                "1",
                "--warm",
                "2");

        for (String step : List.of("first", "updated", "restore", "proved")) {
            assertTrue(line(lines, "cairn " + step).path("wall_s").asDouble() > 0, step);
            assertEquals(1, line(lines, "summary: cairn " + step).path("runs").asInt());
        }
        double first = line(lines, "cairn first").path("added_mb").asDouble();
        double updated = line(lines, "cairn updated").path("added_mb").asDouble();
        assertTrue(updated > 0 && updated < first / 4, updated + " MB after " + first);
        assertEquals(2, line(lines, "cairn warm updated").path("added_mb").size());
    }

    @Test
    void aPeerThatIsNotInstalledIsLeftOutByName() {
        assertTrue(SqlitePeers.missing("cairn").isEmpty());
        for (String peer : List.of("restic", "litestream")) {
            assertEquals(SqlitePeers.missing(peer).isEmpty(), Peers.onPath(peer) && Peers.onPath("sqlite3"), peer);
        }
    }

    @Test
    void aRestoredDatabaseThatLacksAnUpdateIsNoticed() throws Exception {
        Path database = work.resolve("memory.db");
        long memories = MemoryDatabase.make(database, 1);
        try (Connection connection = MemoryDatabase.connect(database)) {
            RowUpdates.Fingerprint before = RowUpdates.fingerprint(connection);
            RowUpdates.apply(connection, memories, 1, 7);
            assertNotEquals(before, RowUpdates.fingerprint(connection));
            assertEquals(memories, before.memories());
        }
    }

    @Test
    void theWriterIsMeasuredWithoutProtectionAtAPaceAndFlatOut() throws Exception {
        List<JsonNode> lines = PrintedLines.of(
                work,
                SqliteWriterBenchmark::main,
                "--mb",
                "1",
                "--rounds",
                "1",
                "--seconds",
                "1",
                "--warmup",
                "0",
                "--protections",
                "none");

        for (String pace : List.of("paced", "flat out")) {
            JsonNode line = line(lines, pace + ", round 1: none");
            assertTrue(line.path("samples").asInt() > 0, pace);
            assertTrue(line.path("greatest_wal_mb").asDouble() > 0, pace);
        }
        assertEquals(
                1,
                line(lines, "summary: paced, none").path("p99_to_none_median").asDouble());
    }

    @Test
    void anUnknownProtectionIsNamed() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> SqliteWriterBenchmark.main(
                        new String[] {"--work", work.toString(), "--protections", "none,hope"}));

        assertTrue(refused.getMessage().contains("hope"), refused.getMessage());
    }

    @Test
    void aPositionInTheLogGrowsWithEachCommitAndBeginsAnewWithAGreaterSalt() throws Exception {
        Path database = work.resolve("memory.db");
        long memories = MemoryDatabase.make(database, 1);
        try (Connection writer = MemoryDatabase.connect(database);
                WalGauge gauge = new WalGauge(database);
                Statement statement = writer.createStatement()) {
            RowUpdates.apply(writer, memories, 1, 1);
            WalPosition first = gauge.position().orElseThrow();
            RowUpdates.apply(writer, memories, 1, 2);
            WalPosition second = gauge.position().orElseThrow();
            assertEquals(first.salt(), second.salt());
            assertTrue(second.reaches(first) && !first.reaches(second), first + " " + second);
            assertEquals(second.end(), gauge.bytes());

            try (ResultSet done = statement.executeQuery("PRAGMA wal_checkpoint(RESTART)")) {
                assertEquals(0, done.getInt(1), "nobody was in the way");
            }
            RowUpdates.apply(writer, memories, 1, 3);
            WalPosition third = gauge.position().orElseThrow();
            assertTrue(third.end() < second.end(), third + " " + second);
            assertTrue(third.reaches(second) && !second.reaches(third), third + " " + second);
        }
    }

    @Test
    void commitsAreAtRiskUntilTheProtectionCoversThem() throws Exception {
        Path database = work.resolve("memory.db");
        long memories = MemoryDatabase.make(database, 1);
        try (Host host = new Host(database, memories, null, 0);
                WalGauge gauge = new WalGauge(database)) {
            host.transact();
            WriterProtection covering = new WriterProtection() {
                @Override
                public boolean covers(CommitMark mark) {
                    return true;
                }

                @Override
                public void close() {}
            };
            try (RiskSampler sampler = RiskSampler.start(host, covering, gauge)) {
                for (int i = 0; i < 20; i++) {
                    host.transact();
                }
                sampler.awaitAll(60);
                assertEquals(20, sampler.atRisk().count());
                assertTrue(sampler.greatestLog() > 0);
            }
            try (RiskSampler sampler = RiskSampler.start(host, WriterProtection.none(), gauge)) {
                host.transact();
                assertThrows(IllegalStateException.class, () -> sampler.awaitAll(1));
                assertEquals(0, sampler.atRisk().count());
            }
        }
    }

    @Test
    void litestreamsReplicaIsSeenToReachEachCommit() throws Exception {
        Assumptions.assumeTrue(Peers.onPath("litestream"));
        Path database = work.resolve("memory.db");
        long memories = MemoryDatabase.make(database, 1);
        try (Host host = new Host(database, memories, null, 0);
                WalGauge gauge = new WalGauge(database)) {
            host.transact();
            try (LitestreamProtection protection = LitestreamProtection.open(database, work.resolve("protection"));
                    RiskSampler sampler = RiskSampler.start(host, protection, gauge)) {
                for (int i = 0; i < 20; i++) {
                    host.transact();
                }
                sampler.awaitAll(60);
                assertEquals(20, sampler.atRisk().count());
            }
        }
    }

    @Test
    void aTableIsCapturedAndRestoredByEachAndTheRowsAreTheSame() throws Exception {
        String peers = Peers.onPath("sqlite3") ? "cairn,sqlite3" : "cairn";

        List<JsonNode> lines = PrintedLines.of(
                work, SqliteTablesBenchmark::main, "--rows", "2000", "--peers", peers, "--rounds", "1", "--warm", "2");

        for (String step : List.of("capture", "restore")) {
            for (String peer : peers.split(",")) {
                assertTrue(line(lines, peer + " " + step).path("wall_s").asDouble() > 0, peer + " " + step);
            }
            assertEquals(2, line(lines, "cairn warm " + step).path("seconds").size());
        }
    }

    @Test
    void noTwoRowsOfATableShareTheirDigest() throws Exception {
        Path database = work.resolve("rows.db");
        RowsDatabase.make(database, 500);
        try (Connection connection = MemoryDatabase.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(DISTINCT digest), count(DISTINCT title) FROM " + RowsDatabase.TABLE)) {
            assertEquals(500, row.getInt(1));
            assertEquals(500, row.getInt(2));
        }
    }

    @Test
    void aRestoreFromNowhereIsNoMeasurement() throws Exception {
        Path nowhere = work.resolve("no home");

        IllegalStateException failed = assertThrows(
                IllegalStateException.class,
                () -> ProcessRun.of(
                        Peers.java(
                                SqliteProcess.class,
                                List.of(),
                                "restore",
                                nowhere.toString(),
                                work.resolve("out").resolve("memory.db").toString()),
                        Map.of(),
                        work.resolve("scratch")));

        assertFalse(failed.getMessage().isBlank());
        assertFalse(Files.exists(work.resolve("out").resolve("memory.db")));
    }

    @Test
    void aSimulatedHistoryHasAsManySegmentsAsItsTimeGivesAndEachPointHoldsItsTransactions() throws Exception {
        List<JsonNode> lines = PrintedLines.of(
                work,
                SqliteDayBenchmark::main,
                "--mb",
                "1",
                "--looks",
                "40",
                "--busy",
                "8",
                "--rounds",
                "1",
                "--random",
                "1");

        JsonNode history = line(lines, "history");
        assertEquals(10.0 / 3600, history.path("simulated_hours").asDouble(), 1e-9);
        assertEquals(1 + 32 + 8 * 25, history.path("transactions").asInt());
        assertTrue(history.path("segments").asInt() >= 40, history.toString());
        assertEquals(1, history.path("bases").asInt());
        JsonNode newest = line(lines, "newest, round 1");
        assertEquals(32 + 8 * 25, newest.path("transactions_replayed").asInt());
        assertEquals(
                newest.path("to_base").asDouble(),
                line(lines, "summary: newest").path("to_base_median").asDouble());
        assertEquals(4, line(lines, "summary: all").path("restores").asInt());
    }

    @Test
    void onlyADatasetThatIsProtectedContinuouslyCanBeHeard() {
        SqliteDataset plain = SqliteDataset.of("memory", work.resolve("memory.db"));

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> new HeardDataset(plain));

        assertTrue(refused.getMessage().contains("memory"), refused.getMessage());
        assertFalse(new HeardDataset(plain.continuous(ContinuousProtection.defaults())).wished());
    }

    private static JsonNode line(List<JsonNode> lines, String measured) {
        return PrintedLines.line(lines, measured);
    }
}
