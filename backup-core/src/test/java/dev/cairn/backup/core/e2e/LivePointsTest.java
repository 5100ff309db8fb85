package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreWindow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A live ledger under several writers: every point is exactly a prefix of what was acknowledged. 600 points and some in the normal run; {@code -Dcairn.campaign=continuous} goes on to 100 000, in rounds with a
 * seed each.
 */
class LivePointsTest {

    private static final long SEED = Long.getLong("cairn.seed", 20261121);
    private static final int TRANSACTIONS = 1200;

    @TempDir
    Path temp;

    @Test
    void everyPointOfAPackedRepositoryIsAPrefixOfWhatWasAcknowledged() throws Exception {
        round(ProtectedLedger.packed(folder("packed")), SEED, 500);
    }

    @Test
    void everyPointOfABrowsableRepositoryIsAPrefixOfWhatWasAcknowledged() throws Exception {
        round(ProtectedLedger.browsable(folder("browsable")), SEED + 1, 100);
    }

    @Test
    @EnabledIfSystemProperty(named = "cairn.campaign", matches = "(.*,)?continuous(,.*)?")
    void everyPointOfManyLedgersIsAPrefixOfWhatWasAcknowledged(@TempDir Path another) throws Exception {
        long points = 0;
        for (long seed = SEED + 2; points < 100_000; seed++) {
            Path folder = Files.createDirectory(another.resolve("round"));
            points += round(ProtectedLedger.packed(folder), seed, 2_000);
            removeTree(folder);
            System.out.println("campaign of points of live databases: " + points + " so far");
        }
    }

    private static void removeTree(Path root) throws Exception {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private Path folder(String name) throws Exception {
        return Files.createDirectory(temp.resolve(name));
    }

    private static int round(ProtectedLedger host, long seed, int count) throws Exception {
        Random random = new Random(seed);
        LedgerHistory history = new LedgerHistory();
        Ledger.open(host.database).close();
        try (host;
                LedgerPoints points = new LedgerPoints(host.openProtected(), history)) {
            int vacuums = write(host, history, seed);
            LogPosition end = host.stored();
            List<RestoreWindow> windows = host.windows();
            assertEquals(1, windows.size(), windows.toString());
            RestoreWindow window = windows.get(0);
            assertEquals(end, window.last());
            assertEquals(1, host.timelines().size(), "nothing interrupted it");
            points.checkWindow(window, random, count, vacuums);
            assertEquals(history.last(1), points.at(end).last(), "what was acknowledged last is there");
            assertTrue(host.manager().verifyLog(ProtectedLedger.NAME).passed());
            restoreWhole(host, history, LedgerPoints.random(window, random));
            System.out.println("points of a live database: " + points.checked() + " of " + history.last(1)
                    + " transactions and " + vacuums + " VACUUMs on "
                    + host.manager().list().size() + " bases (seed " + seed + ")");
            return points.checked();
        }
    }

    /** With two more bases under load. */
    private static int write(ProtectedLedger host, LedgerHistory history, long seed) throws Exception {
        LedgerWriters writers =
                new LedgerWriters(host.database, 1, seed, committed -> history.acknowledge(1, committed), () -> {});
        try (writers) {
            for (int base = 1; base <= 3; base++) {
                long until = (long) base * TRANSACTIONS / 3;
                host.await("the host's work", () -> history.last(1) >= until);
                if (base < 3) {
                    host.manager().create();
                }
            }
        }
        return writers.vacuums();
    }

    private static void restoreWhole(ProtectedLedger host, LedgerHistory history, LogPosition position)
            throws Exception {
        RestorePoint point = host.manager().restorePoint(ProtectedLedger.NAME, position);
        host.manager().restore(host.manager().plan(RestoreRequest.of(point)));
        history.assertPrefix(LedgerState.live(host.database), "restored to " + point);
    }
}
