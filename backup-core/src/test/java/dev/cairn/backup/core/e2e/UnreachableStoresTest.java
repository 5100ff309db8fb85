package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.ProtectionStatus.State;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.sqlite.ContinuousProtection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository that goes away and a local disk that is full: the host goes on, health says what is wrong, and afterwards nothing is missing, or a gap is told. */
class UnreachableStoresTest {

    private static final long MIB = 1024 * 1024;
    private static final long SEED = Long.getLong("cairn.seed", 20261121);

    @TempDir
    Path temp;

    private final Random random = new Random(SEED);
    private final LedgerHistory history = new LedgerHistory();
    private ProtectedLedger host;
    private Ledger ledger;

    @BeforeEach
    void open() throws SQLException {
        System.out.println("stores that cannot be reached (seed " + SEED + ")");
        host = ProtectedLedger.packed(temp);
        ledger = Ledger.open(host.database);
    }

    @AfterEach
    void close() throws SQLException {
        ledger.close();
        host.close();
    }

    private void protect(long walBytes) {
        host.protection = ContinuousProtection.defaults()
                .pollEvery(Duration.ofMillis(50))
                .spoolLimit(MIB)
                .walLimit(walBytes);
        host.openProtected();
    }

    private void write(int transactions) throws SQLException {
        for (int i = 0; i < transactions; i++) {
            history.acknowledge(1, ledger.transact(1));
        }
    }

    /** The host goes on as ever meanwhile. */
    private void writeUntil(State state, String why) throws SQLException {
        for (int i = 0; !isNow(state, why); i++) {
            assertTrue(i < 5_000, () -> host.status().toString());
            write(10);
        }
    }

    private boolean isNow(State state, String why) {
        ProtectionStatus status = host.status();
        return status.state() == state
                && status.problem().filter(problem -> problem.contains(why)).isPresent();
    }

    private void assertDegraded(String why) {
        BackupHealth health = host.manager().health();
        assertEquals(BackupHealth.Status.DEGRADED, health.status());
        assertTrue(
                health.problems().toString().contains(why),
                () -> health.problems().toString());
    }

    private void checkOneWindow() throws Exception {
        check();
        assertEquals(1, host.windows().size(), () -> host.windows().toString());
        assertEquals(1, host.timelines().size(), () -> host.timelines().toString());
    }

    private void check() throws Exception {
        LogPosition end = host.stored();
        try (LedgerPoints points = new LedgerPoints(host, history)) {
            for (RestoreWindow window : host.windows()) {
                points.checkWindow(window, random, 40, 0);
            }
            assertEquals(LedgerState.live(host.database), points.at(end));
        }
    }

    private void assertWellAgain() {
        host.awaitProtected();
        host.await(
                "health",
                () -> host.manager().health().problems().stream()
                        .noneMatch(problem -> problem.contains(ProtectedLedger.NAME)));
    }

    @Test
    void aRepositoryThatComesBackBeforeTheSpoolIsFullHasMissedNothing() throws Exception {
        protect(64 * MIB);
        write(20);
        host.store.failFrom(1);
        write(10);
        // Not more meanwhile: a spool that is full before the first upload has failed is another story.
        host.await("a spool", () -> isNow(State.SPOOLING, "Injected fault"));
        assertDegraded("are kept on the local disk only");
        write(20);
        host.store.heal();
        assertWellAgain();
        checkOneWindow();
    }

    @Test
    void aSpoolThatIsFullIsWaitedForInTheLogOfTheDatabase() throws Exception {
        protect(1024 * MIB);
        host.store.failFrom(1);
        writeUntil(State.INTERRUPTED, "spool of dataset");
        assertDegraded("are not kept");
        assertTrue(host.status().spoolBytes() <= MIB);
        write(200);
        host.store.heal();
        assertWellAgain();
        checkOneWindow();
    }

    @Test
    void pastBothLimitsTheLogIsLetGoAndAGapIsTold() throws Exception {
        protect(2 * MIB);
        host.store.failFrom(1);
        writeUntil(State.INTERRUPTED, "spool of dataset");
        for (int i = 0; !ledger.checkpoint("TRUNCATE"); i++) { // Possible again once it is let go.
            assertTrue(i < 100);
            write(50);
        }
        // It is taken up again and again meanwhile, and let go as often, because the spool is still full.
        assertDegraded("transactions of dataset 'ledger' are ");
        ledger.run("PRAGMA wal_autocheckpoint=0");
        while (Files.size(temp.resolve("ledger.db-wal")) <= 2 * MIB) {
            write(50);
        }
        host.store.heal();
        host.awaitNewTimeline(1); // Although the host is idle, with a log that is longer than its limit.
        assertTrue(host.timelines().stream().skip(1).allMatch(BackupEvent.TimelineBegun::gap));
        assertWellAgain();
        write(50);
        check();
        assertTrue(host.windows().size() >= 2, () -> host.windows().toString());
    }

    @Test
    void aLocalDiskThatIsFullIsWaitedForInTheLogOfTheDatabase() throws Exception {
        protect(64 * MIB);
        write(20);
        host.stored();
        host.state.fullAfter(100_000);
        writeUntil(State.INTERRUPTED, "no space left");
        assertDegraded("are not kept");
        write(100);
        host.state.heal();
        assertWellAgain();
        write(20);
        checkOneWindow();
    }
}
