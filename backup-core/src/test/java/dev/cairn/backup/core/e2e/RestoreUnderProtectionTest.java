package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.SnapshotMetadata;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores of a ledger that is protected: to a point, to a snapshot and back. Each begins a timeline of its own with a base, and every point of every timeline stays what it was. */
class RestoreUnderProtectionTest {

    private static final long SEED = Long.getLong("cairn.seed", 20261121);

    @TempDir
    Path temp;

    private final Random random = new Random(SEED);
    private final LedgerHistory history = new LedgerHistory();
    private ProtectedLedger host;
    private Ledger ledger;

    private void connect() {
        try {
            ledger = Ledger.open(host.database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void disconnect() {
        try {
            ledger.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(int era, int transactions) throws SQLException {
        for (int i = 0; i < transactions; i++) {
            history.acknowledge(era, ledger.transact(era));
        }
    }

    @Test
    void protectionGoesOnBehindEachRestoreAndEveryTimelineStaysRestorable() throws Exception {
        System.out.println("restores of a protected host (seed " + SEED + ")");
        host = ProtectedLedger.packed(temp);
        connect();
        host.release = this::disconnect;
        host.takeUp = this::connect;
        try (ProtectedLedger open = host.openProtected();
                LedgerPoints points = new LedgerPoints(open, history)) {
            write(1, 60);
            SnapshotMetadata snapshot = host.manager().create();
            LedgerState atSnapshot = LedgerState.live(host.database);
            write(1, 60);
            host.stored();
            LogPosition position = LedgerPoints.random(host.windows().get(0), random);

            LedgerState atPoint = points.at(position);
            RestoreReport restored =
                    restore(RestoreRequest.of(host.manager().restorePoint(ProtectedLedger.NAME, position)), atPoint, 1);
            write(2, 40);
            restore(RestoreRequest.of(snapshot.id()), atSnapshot, 2);
            write(3, 40);

            LedgerState before = points.at(beforeRestore(restored));
            host.manager().rollback(restored);
            host.awaitNewTimeline(3);
            assertEquals(before, LedgerState.live(host.database), "what it was before the first restore");
            write(4, 40);

            LogPosition end = host.stored();
            List<RestoreWindow> windows = host.windows();
            assertEquals(4, windows.size(), windows.toString());
            for (RestoreWindow window : windows) {
                points.checkWindow(window, random, 25, 0);
            }
            assertEquals(LedgerState.live(host.database), points.at(end));
            disconnect();
        }
    }

    private RestoreReport restore(RestoreRequest request, LedgerState expected, int timelines) throws SQLException {
        RestoreReport report = host.manager().restore(host.manager().plan(request));
        assertEquals(expected, LedgerState.live(host.database));
        host.awaitNewTimeline(timelines);
        assertFalse(host.timelines().get(timelines).gap(), "nothing was lost");
        assertTrue(host.timelines().get(timelines).why().contains("restored"));
        return report;
    }

    /** The safety snapshot tells where the log stood. */
    private LogPosition beforeRestore(RestoreReport report) {
        return host.manager()
                .get(report.safetySnapshot().orElseThrow())
                .dataset(ProtectedLedger.NAME)
                .orElseThrow()
                .log()
                .orElseThrow();
    }
}
