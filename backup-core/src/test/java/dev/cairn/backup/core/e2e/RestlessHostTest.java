package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestoreWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a host, or somebody else, does to the database while it is protected or is not: nothing is lost, or a gap is told and a new base taken, and no state is wrong. */
class RestlessHostTest {

    private static final long SEED = Long.getLong("cairn.seed", 20261121);

    @TempDir
    Path temp;

    private final Random random = new Random(SEED);
    private final LedgerHistory history = new LedgerHistory();
    private ProtectedLedger host;

    @BeforeEach
    void open() throws SQLException {
        System.out.println("a restless host (seed " + SEED + ")");
        host = ProtectedLedger.packed(temp);
        Ledger.open(host.database).close();
        host.openProtected();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void write(int era, int transactions) throws SQLException {
        try (Ledger ledger = Ledger.open(host.database)) {
            write(ledger, era, transactions);
        }
    }

    private void write(Ledger ledger, int era, int transactions) throws SQLException {
        for (int i = 0; i < transactions; i++) {
            history.acknowledge(era, ledger.transact(era));
        }
    }

    /** A copy that was made some time ago. */
    private Path olderCopy(int era) throws SQLException {
        Path copy = temp.resolve("copy.db");
        try (Ledger ledger = Ledger.open(host.database)) {
            ledger.copyTo(copy);
            write(ledger, era, 60);
        }
        try (Ledger ledger = Ledger.open(copy)) { // A WAL database again.
            ledger.checkpoint("TRUNCATE");
        }
        host.stored();
        return copy;
    }

    private void removeLog() throws IOException {
        Files.deleteIfExists(temp.resolve("ledger.db-wal"));
        Files.deleteIfExists(temp.resolve("ledger.db-shm"));
    }

    /** As an operator does it, into the file that is there. By another process, because Java's own input and output takes SQLite's locks away. */
    private void overwrite(Path copy) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("cp", copy.toString(), host.database.toString()).start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }

    private void check(int windows, int count) throws Exception {
        LogPosition end = host.stored();
        assertEquals(windows, host.windows().size(), () -> host.windows().toString());
        try (LedgerPoints points = new LedgerPoints(host, history)) {
            for (RestoreWindow window : host.windows()) {
                points.checkWindow(window, random, count, 0);
            }
            assertEquals(LedgerState.live(host.database), points.at(end));
        }
    }

    @Test
    void checkpointsInEveryModeAndConnectionsThatComeAndGoLoseNothing() throws Exception {
        List<String> modes = List.of("PASSIVE", "FULL", "RESTART", "TRUNCATE");
        for (int i = 0; i < 24; i++) {
            try (Ledger ledger = Ledger.open(host.database)) {
                ledger.run("PRAGMA wal_autocheckpoint=" + random.nextInt(3));
                write(ledger, 1, 1 + random.nextInt(20));
                String mode = modes.get(i % modes.size());
                checkpoint(ledger, mode);
                write(ledger, 1, random.nextInt(3));
            }
        }
        check(1, 60);
        assertEquals(1, host.timelines().size(), () -> host.timelines().toString());
    }

    /** One that waits for nobody does nothing while the host's protection makes one itself. */
    private void checkpoint(Ledger ledger, String mode) throws SQLException {
        long start = System.nanoTime();
        while (!ledger.checkpoint(mode)) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(180), mode);
        }
    }

    @Test
    void anotherProcessMayWriteCheckpointAndCloseWithoutAnythingBeingLost() throws Exception {
        try (ChildJvm other = new ChildJvm(temp, 180, OutsideProcess.class, host.database.toString(), "1", "8", "25")) {
            other.await("DONE"::equals);
            other.said("ACK ")
                    .forEach(number ->
                            history.acknowledge(1, new Ledger.Committed(Long.parseLong(number), Instant.MIN)));
            assertEquals(200, other.said("ACK ").size());
            assertTrue(
                    other.said("TRUNCATED ").stream().allMatch("true"::equals),
                    () -> other.said().toString());
        }
        write(1, 20);
        check(1, 60);
        assertEquals(1, host.timelines().size(), () -> host.timelines().toString());
    }

    @Test
    void madeAnewWhileItIsProtectedItBeginsAnewWithAGap() throws Exception {
        write(1, 50);
        host.stored();
        removeLog();
        Files.delete(host.database);
        write(2, 30);
        host.awaitNewTimeline(1);
        assertTrue(host.timelines().get(1).gap());
        write(2, 30);
        check(2, 20);
    }

    @Test
    void madeAnewWhileNothingRunsItBeginsAnewWithAGap() throws Exception {
        write(1, 50);
        host.close();
        removeLog();
        Files.delete(host.database);
        // Something else gets the old file's number, as it would on a machine that is in use.
        Files.createFile(temp.resolve("something-else"));
        write(2, 30);
        host.open();
        host.awaitNewTimeline(1);
        assertTrue(host.timelines().get(1).gap(), () -> host.timelines().toString());
        write(2, 30);
        check(2, 20);
    }

    @Test
    void anOlderCopyInItsPlaceWhileItIsProtectedBeginsAnewWithAGap() throws Exception {
        write(1, 40);
        Path copy = olderCopy(1);
        removeLog();
        Files.move(copy, host.database, StandardCopyOption.ATOMIC_MOVE);
        write(2, 30);
        host.awaitNewTimeline(1);
        assertTrue(host.timelines().get(1).gap());
        write(2, 30);
        check(2, 20);
    }

    @Test
    void anOlderCopyOverItWhileItIsProtectedBeginsAnewWithAGap() throws Exception {
        write(1, 40);
        Path copy = olderCopy(1);
        overwrite(copy);
        removeLog();
        host.awaitNewTimeline(1); // Until then SQLite still has the old log's index for the same file in this process.
        assertTrue(host.timelines().get(1).gap());
        write(2, 30);
        check(2, 20);
    }

    @Test
    void anOlderCopyInItsPlaceWhileNothingRunsBeginsAnewWithAGap() throws Exception {
        write(1, 40);
        Path copy = olderCopy(1);
        host.close();
        removeLog();
        Files.move(copy, host.database, StandardCopyOption.ATOMIC_MOVE);
        write(2, 30);
        host.open();
        host.awaitNewTimeline(1);
        assertTrue(host.timelines().get(1).gap());
        write(2, 30);
        check(2, 20);
    }

    /** The file is the same one to the file system, and its log is gone as after any orderly end: a new timeline without the alarm, as {@code Continuity} has it. */
    @Test
    void anOlderCopyOverItWhileNothingRunsBeginsAnew() throws Exception {
        write(1, 40);
        Path copy = olderCopy(1);
        host.close();
        overwrite(copy);
        removeLog();
        write(2, 30);
        host.open();
        host.awaitNewTimeline(1);
        assertTrue(host.timelines().get(1).why().contains("closed, or changed, while nothing was watching it"));
        write(2, 30);
        check(2, 20);
    }
}
