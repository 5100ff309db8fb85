package dev.cairn.backup.core.point;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestorePointNotFoundException;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which states can be restored, and what is said of those that cannot. */
class RestorePointsTest {

    private final PagedHost host = PagedHost.browsable();
    private SnapshotManager manager;
    private Instant start;

    @BeforeEach
    void open() {
        start = host.clock.instant();
        manager = host.protectedHost();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Transactions 1, 2, 3 … ten seconds apart, of one segment each. */
    private void transactions(int count) {
        commit(count);
        host.uploaded(manager);
    }

    private LogPosition position(long transaction) {
        return new LogPosition(host.data.source().position().orElseThrow().timeline(), transaction);
    }

    /** Where this kind of repository keeps it, and what it is called in messages. */
    private BlobName segment(long number) {
        return BlobName.of(".cairn/" + name(number));
    }

    private String name(long number) {
        return "segments/" + position(0).timeline() + "/" + "%019d".formatted(number);
    }

    private RestorePoint at(long seconds) {
        return manager.restorePoint(PagedDataset.NAME, start.plusSeconds(seconds));
    }

    private List<RestoreWindow> windows() {
        return manager.restoreWindows(PagedDataset.NAME);
    }

    @Test
    void aWindowReachesFromItsBaseToTheLastTransaction() {
        transactions(3);
        RestoreWindow window = windows().get(0);
        assertEquals(1, windows().size());
        assertEquals(SnapshotId.of("snap-1"), window.base());
        assertEquals(position(0), window.first());
        assertEquals(start, window.from());
        assertEquals(position(3), window.last());
        assertEquals(start.plusSeconds(30), window.to());
        assertEquals("nothing was watching", window.began());
        assertEquals(Optional.empty(), window.missing());
    }

    @Test
    void aTimeMeansTheLastTransactionSeenByThen() {
        transactions(3);
        assertEquals(new RestorePoint("db", SnapshotId.of("snap-1"), position(1), start.plusSeconds(10)), at(19));
        assertEquals(position(2), at(20).position());
        assertEquals(position(3), at(30).position());
        assertEquals(position(3), at(100_000).position(), "nothing is known to be missing");
        assertEquals(new RestorePoint("db", SnapshotId.of("snap-1"), position(0), start), at(9));
        assertEquals(at(19), manager.restorePoint("db", position(1)));
    }

    @Test
    void aTransactionOverSeveralSegmentsCountsFromItsCommitOn() {
        transactions(1);
        host.clock.advance(Duration.ofSeconds(10));
        host.data.commit(20, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        transactions(1);
        assertTrue(host.blobs.list(".cairn/segments").size() >= 7, "the head, and five for the transactions");
        assertEquals(position(1), at(19).position());
        assertEquals(position(2), at(20).position());
        assertArrayEquals(host.data.at(position(2)), host.read(at(25), PagedDataset::pieces));
    }

    @Test
    void thePointIsBuiltOnTheNearestSnapshotBefore() {
        transactions(2);
        manager.create();
        transactions(2);
        assertEquals(
                SnapshotId.of("snap-1"), manager.restorePoint("db", position(1)).base());
        assertEquals(
                SnapshotId.of("snap-2"), manager.restorePoint("db", position(2)).base());
        assertEquals(SnapshotId.of("snap-2"), at(35).base());
        assertEquals(position(3), at(35).position());
    }

    @Test
    void snapshotsBetweenWhichNothingWasCommittedAreOneWindow() {
        host.clock.advance(Duration.ofSeconds(1));
        manager.create();
        host.uploaded(manager);
        assertEquals(1, windows().size(), windows().toString());
        assertEquals(SnapshotId.of("snap-1"), windows().get(0).base());
        assertEquals(position(0), at(5).position());
    }

    @Test
    void whatNoWindowCoversIsRefusedWithTheWindows() {
        transactions(2);
        RestorePointNotFoundException early = assertThrows(RestorePointNotFoundException.class, () -> at(-1));
        assertEquals(windows(), early.windows());
        assertTrue(early.getMessage().contains(start.toString()), early.getMessage());
        assertThrows(RestorePointNotFoundException.class, () -> manager.restorePoint("db", position(3)));
        assertThrows(
                RestorePointNotFoundException.class,
                () -> manager.restorePoint("db", new LogPosition("f".repeat(32), 1)));
        RestorePointNotFoundException other = assertThrows(
                RestorePointNotFoundException.class, () -> manager.restorePoint("files", start.plusSeconds(10)));
        assertEquals(List.of(), other.windows());
        assertEquals(List.of(), manager.restoreWindows("files"));
    }

    @Test
    void betweenTwoTimelinesLiesAGap() {
        transactions(2);
        LogPosition old = position(2);
        host.clock.advance(Duration.ofSeconds(100));
        host.data.source().begin("the log was cut", true);
        host.await(() -> windows().size() == 2);
        transactions(1);
        assertEquals("the log was cut", windows().get(1).began());
        assertEquals(old, at(20).position());
        RestorePointNotFoundException gap = assertThrows(RestorePointNotFoundException.class, () -> at(21));
        assertEquals(2, gap.windows().size());
        assertEquals(position(0), at(121).position());
        assertEquals(position(1), at(130).position());
        assertEquals(old, manager.restorePoint("db", old).position(), "the old one stays restorable");
    }

    @Test
    void aMissingSegmentEndsTheWindowAndALaterBaseBeginsAnother() {
        transactions(4);
        manager.create();
        transactions(2);
        host.blobs.delete(segment(3));
        assertEquals(2, windows().size());
        assertEquals(position(2), windows().get(0).last());
        assertEquals(
                Optional.of("segment '" + name(3) + "' is missing"),
                windows().get(0).missing());
        assertEquals(position(4), windows().get(1).first());
        assertEquals(position(6), windows().get(1).last());
        assertThrows(RestorePointNotFoundException.class, () -> manager.restorePoint("db", position(3)));
        assertThrows(RestorePointNotFoundException.class, () -> at(35), "the state then is not known");
        for (long transaction : new long[] {0, 1, 2, 4, 5, 6}) {
            assertArrayEquals(
                    host.data.at(position(transaction)),
                    host.read(manager, position(transaction), PagedDataset::pieces));
        }
    }

    @Test
    void aSegmentAfterAHoleThatMayBeginInTheMiddleOfATransactionContinuesNoBaseBeforeIt() {
        transactions(2);
        manager.create();
        host.data.commit(20, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        transactions(1);
        assertEquals(position(4), windows().get(0).last());
        host.blobs.delete(segment(3)); // The first four pages of transaction 3.
        assertEquals(1, windows().size());
        assertEquals(position(2), windows().get(0).last(), "transaction 3 is not whole");
        assertThrows(RestorePointNotFoundException.class, () -> manager.restorePoint("db", position(4)));
    }

    @Test
    void aPointWhoseSegmentIsGoneOrDamagedNamesItAndTheWayOut() {
        transactions(5);
        RestorePoint last = manager.restorePoint("db", position(5));
        byte[] right = host.blobs.bytes(segment(4));
        byte[] wrong = right.clone();
        wrong[wrong.length / 2] ^= 1;
        host.blobs.damage(segment(4), wrong);
        requireWayOut(last, "cannot be read");
        host.blobs.delete(segment(4));
        requireWayOut(last, "is missing");
    }

    @Test
    void aDamagedSegmentThatIsNotNeededHidesNothing() {
        transactions(9);
        manager.create();
        transactions(9);
        for (long damaged = 1; damaged <= 18; damaged++) {
            byte[] right = host.blobs.bytes(segment(damaged));
            byte[] wrong = right.clone();
            wrong[wrong.length / 2] ^= 1;
            host.blobs.damage(segment(damaged), wrong);
            for (long transaction = 0; transaction <= 18; transaction++) {
                LogPosition position = position(transaction);
                long base = transaction < 9 ? 0 : 9;
                // The base's own segment may end with pages of the next transaction: nobody can tell any more.
                if (base < transaction && base <= damaged && damaged <= transaction) {
                    assertThrows(BackupException.class, () -> host.read(manager, position, PagedDataset::pieces));
                } else {
                    assertArrayEquals(
                            host.data.at(position),
                            host.read(manager, position, PagedDataset::pieces),
                            "point " + transaction + ", segment " + damaged + " is damaged");
                }
            }
            host.blobs.damage(segment(damaged), right);
        }
    }

    private void requireWayOut(RestorePoint point, String problem) {
        DamagedSnapshotException pieces =
                assertThrows(DamagedSnapshotException.class, () -> host.read(point, PagedDataset::pieces));
        DamagedSnapshotException stream =
                assertThrows(DamagedSnapshotException.class, () -> host.read(point, PagedDataset::stream));
        assertEquals(pieces.getMessage(), stream.getMessage());
        assertEquals(name(4), pieces.damaged());
        assertEquals(Optional.of(point.base()), pieces.snapshot());
        assertTrue(pieces.getMessage().contains(problem), pieces.getMessage());
        assertTrue(pieces.getMessage().contains("that can be restored is " + position(3)), pieces.getMessage());
        assertArrayEquals(
                host.data.at(position(3)), host.read(manager, position(3), PagedDataset::pieces), "the way out works");
    }

    @Test
    void aSegmentOfAnotherHistoryUnderTheRightNameIsFoundByTheChain() {
        transactions(1);
        manager.close();
        PagedHost other = host.fork();
        try (SnapshotManager elsewhere = other.protectedHost()) {
            other.data.commit(6, 99, 2);
            other.uploaded(elsewhere);
            assertEquals(position(2), other.data.source().position().orElseThrow(), "it goes on from the same end");
        }
        host.restart();
        manager = host.protectedHost();
        transactions(3);
        RestorePoint last = manager.restorePoint("db", position(4));
        assertArrayEquals(host.data.content(), host.read(last, PagedDataset::stream));
        host.blobs.damage(segment(2), other.blobs.bytes(segment(2)));
        DamagedSnapshotException found =
                assertThrows(DamagedSnapshotException.class, () -> host.read(last, PagedDataset::pieces));
        assertEquals(name(2), found.damaged());
        assertTrue(found.getMessage().contains("is not the one that segment 3 follows"), found.getMessage());
    }

    @Test
    void anotherInstallationFindsThePointsOfThisOne() {
        transactions(3);
        manager.close();
        PagedHost here = host;
        try (SnapshotManager fresh = here.elsewhere(new MemoryBlobStore())
                .dataset(new PagedDataset(1, 4))
                .open()) {
            here.await(() -> fresh.restoreWindows("db").size() == 2);
            assertArrayEquals(
                    host.data.at(position(2)), host.read(fresh.restorePoint("db", position(2)), PagedDataset::stream));
        }
    }

    @Test
    void theLogReadsBackWholeAndWhatIsMissingIsNamed() {
        transactions(3);
        LogVerification whole = manager.verifyLog("db");
        assertEquals(List.of(), whole.problems());
        assertEquals(3, whole.transactions());
        host.blobs.delete(segment(2));
        LogVerification holed = manager.verifyLog("db");
        assertFalse(holed.passed());
        assertTrue(
                holed.problems().get(0).contains(position(0).timeline()),
                holed.problems().toString());
        assertEquals(0, manager.verifyLog("files").segments());
    }

    @Test
    void pruningNeverTakesWhatAListedSnapshotNeeds() {
        for (int i = 0; i < 4; i++) {
            transactions(3);
            manager.create();
        }
        transactions(2);
        manager.delete(SnapshotId.of("snap-1"));
        manager.delete(SnapshotId.of("snap-2"));
        manager.prune();
        assertFalse(host.blobs.stat(segment(1)).isPresent(), "nothing can be applied to it any more");
        assertEquals(1, windows().size());
        assertEquals(position(6), windows().get(0).first());
        for (long transaction = 6; transaction <= 14; transaction++) {
            assertArrayEquals(
                    host.data.at(position(transaction)),
                    host.read(manager, position(transaction), PagedDataset::pieces));
        }
        assertThrows(RestorePointNotFoundException.class, () -> manager.restorePoint("db", position(5)));
        manager.prune();
        assertEquals(position(14), windows().get(0).last(), "pruning again takes nothing more");
        host.blobs.putIfAbsent(
                BlobName.of(".cairn/segments/" + "0".repeat(32) + "/" + "0".repeat(19)), BlobContent.of("x"));
        manager.prune();
        assertEquals(1, windows().size(), "a timeline that cannot be read hides no other");
    }

    @Test
    void theNewestTimelineReachesToThePresentAlsoAfterAClockWasSetBack() {
        transactions(3);
        host.clock.advance(Duration.ofDays(-30));
        host.data.source().begin("the clock was set back", false);
        host.await(() -> manager.list().size() == 2);
        transactions(2);
        assertEquals(
                position(2),
                manager.restorePoint(PagedDataset.NAME, host.clock.instant().plusSeconds(5))
                        .position());
    }

    @Test
    void aTimeWhoseLastTransactionMayLieInADamagedSegmentIsRefused() {
        transactions(5);
        host.blobs.damage(segment(3), new byte[50]);
        assertEquals(position(1), at(19).position());
        for (long seconds : new long[] {20, 30, 39}) {
            DamagedRepositoryException refused =
                    assertThrows(DamagedRepositoryException.class, () -> at(seconds), "at " + seconds);
            assertTrue(refused.getMessage().contains(name(3)), refused.getMessage());
        }
        host.blobs.damage(segment(1), new byte[50]);
        assertThrows(DamagedRepositoryException.class, () -> at(5), "the first transaction may have been there");
    }

    @Test
    void aTimeIsToldBesideADamagedSegmentWhereASnapshotOrALaterCommitProvesIt() {
        transactions(3);
        host.clock.advance(Duration.ofSeconds(5));
        manager.create();
        transactions(2);
        host.blobs.damage(segment(3), new byte[50]);
        assertThrows(DamagedRepositoryException.class, () -> at(34));
        assertEquals(
                position(3), at(36).position(), "the snapshot of 35 holds transaction 3, and no other was before 45");
        assertEquals(SnapshotId.of("snap-2"), at(36).base());
    }

    @Test
    void aDamagedSegmentInTheMiddleOfATransactionHidesNoTimeBeforeItsCommit() {
        transactions(1);
        host.clock.advance(Duration.ofSeconds(10));
        host.data.commit(20, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        transactions(1);
        host.blobs.damage(segment(3), new byte[50]); // Segments 2 to 5 are transaction 2.
        assertEquals(position(1), at(19).position());
    }

    @Test
    void whatASnapshotTellsToBeMissingBehindTheEndOfALogEndsItsWindow() {
        transactions(5);
        stopUploads();
        commit(3);
        manager.create(); // At 80, ahead of the segments 6 to 8.
        commit(1);
        host.clock.advance(Duration.ofSeconds(10));
        manager.create(); // At 100, ahead of segment 9 too.
        assertEquals(position(5), at(50).position());
        assertEquals(position(8), at(80).position());
        for (long seconds : new long[] {51, 70, 79, 81, 95, 99}) {
            assertThrows(
                    RestorePointNotFoundException.class, () -> at(seconds), "the state at " + seconds + " is not here");
        }
        assertEquals(position(9), at(100).position());
        assertEquals(position(9), at(100_000).position(), "nothing is known to be missing behind the newest snapshot");
        host.store.heal();
        host.uploaded(manager);
        assertEquals(position(7), at(70).position());
        assertEquals(position(9), at(95).position());
    }

    @Test
    void aDamagedEndOfALogEndsItsWindow() {
        transactions(3);
        host.blobs.damage(segment(3), new byte[50]);
        assertEquals(
                Optional.of("segment '" + name(3) + "' cannot be read"),
                windows().get(0).missing());
        assertEquals(position(2), at(20).position());
        assertThrows(RestorePointNotFoundException.class, () -> at(100_000), "transaction 3 was there");
    }

    @Test
    void aSnapshotBeforeADamagedEndOfALogIsNotThePresent() {
        transactions(1);
        host.blobs.damage(segment(1), new byte[50]);
        assertEquals(position(0), at(0).position());
        assertThrows(RestorePointNotFoundException.class, () -> at(10), "transaction 1 was there");
        assertThrows(RestorePointNotFoundException.class, () -> at(100_000));
    }

    private void stopUploads() {
        host.store.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && call.name().contains("segments/")) {
                throw new StoreException(
                        StoreException.Reason.UNREACHABLE, "the store is down", "Nothing: a test wanted it", null);
            }
        });
    }

    private void commit(int count) {
        for (int i = 0; i < count; i++) {
            host.clock.advance(Duration.ofSeconds(10));
            host.data.commit(6, (int) (host.data.source().written() + 2), 1 + i % 6);
        }
    }
}
