package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.LogSegment;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a new base is asked for. */
class BaseDemandTest {

    private static final int PAGE = 65_536;
    private static final long MIB = 1024 * 1024;

    private final KeptLog log = KeptLog.inMemory();
    private final BaseDemand demand = new BaseDemand(log);

    /** Segments of one transaction each. */
    private void keep(int segments, int pages, long databaseBytes) {
        LogSegment segment = new LogSegment(
                PAGE,
                List.of(new LogSegment.Commit(pages, databaseBytes / PAGE, Instant.EPOCH)),
                new int[pages],
                new byte[pages * PAGE],
                "");
        for (int i = 0; i < segments; i++) {
            demand.kept(segment);
        }
    }

    private void keepSmall(int segments, long databaseBytes) {
        LogSegment segment = new LogSegment(
                512,
                List.of(new LogSegment.Commit(1, databaseBytes / 512, Instant.EPOCH)),
                new int[1],
                new byte[512],
                "");
        for (int i = 0; i < segments; i++) {
            demand.kept(segment);
        }
    }

    private void assertAsked(int times) {
        assertEquals(times, log.basesAsked().size(), log.basesAsked().toString());
    }

    @Test
    void aBaseIsAskedForWhenMoreLogWasKeptThanTheDatabaseHolds() {
        keep(10, 160, 100 * MIB);
        assertAsked(0);
        keep(1, 1, 100 * MIB);
        assertAsked(1);
        assertTrue(log.basesAsked().get(0).contains("100 MiB"), log.basesAsked().toString());
    }

    @Test
    void ofASmallDatabaseItIsAskedForAfter64MiB() {
        keep(8, 128, MIB);
        assertAsked(0);
        keep(1, 1, MIB);
        assertAsked(1);
    }

    @Test
    void manySegmentsAreAsMuchToReadHoweverSmallTheyAre() {
        keepSmall(16_000, 500 * MIB);
        assertAsked(0);
        keepSmall(1, 500 * MIB);
        assertAsked(1);
        assertTrue(
                log.basesAsked().get(0).contains("16001 segments"),
                log.basesAsked().toString());
    }

    @Test
    void ofASmallDatabaseItIsAskedForAfter4096Segments() {
        keepSmall(4_096, MIB);
        assertAsked(0);
        keepSmall(1, MIB);
        assertAsked(1);
    }

    @Test
    void asLongAsNoneIsTakenItIsAskedForAgainOnlyAfterAsMuchAgain() {
        keepSmall(8_192, MIB);
        assertAsked(1);
        keepSmall(2, MIB);
        assertAsked(2);
    }

    @Test
    void aBaseThatIsTakenBeginsTheCountAnew() {
        keepSmall(4_000, MIB);
        keep(7, 128, MIB);
        demand.base();
        keepSmall(4_000, MIB);
        keep(7, 128, MIB);
        assertAsked(0);
    }
}
