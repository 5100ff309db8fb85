package dev.cairn.backup.core.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each kind of break is named, and the other timelines are verified all the same. */
class LogVerifyingTest {

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final SegmentStore store = Logged.packed(blobs);
    private String broken = "";
    private String whole = "";

    /** Two timelines of five transactions in five segments each, the last two of them in one opened before. */
    @BeforeEach
    void ship() {
        try (ShippedLog process = new ShippedLog(store, new MemoryBlobStore())) {
            broken = ship(process);
            whole = ship(process);
            assertTrue(process.drain());
        }
    }

    private static String ship(ShippedLog process) {
        String timeline = process.begin("shipped").timeline();
        process.keep(Logged.transactions(1, 1));
        process.keep(Logged.transactions(2, 2));
        process.keep(Logged.opened(4));
        process.keep(Logged.opened(0));
        process.keep(Logged.transactions(4, 2));
        return timeline;
    }

    private LogVerification verify(Optional<LogPosition> stored) {
        return new LogVerifying(store, () -> Logged.BEGIN).verify("memory", stored, new CancellationToken());
    }

    private void assertNames(String... parts) {
        LogVerification found = verify(Optional.empty());
        assertEquals(1, found.problems().size(), found.toString());
        for (String part : parts) {
            assertTrue(found.problems().get(0).contains(part), found.problems()::toString);
        }
        assertEquals(2, found.timelines());
        assertTrue(found.transactions() >= 5, "the other timeline is verified");
    }

    private BlobName blob(long number) {
        return BlobName.of(SegmentFiles.name(broken, number));
    }

    /** Puts another body in the place of a segment, sealed as by somebody who has the key. */
    private void replace(long number, byte[] body) {
        store.delete(broken, List.of(number));
        store.put(broken, number, store.seal(broken, number, body));
    }

    private SegmentHeader header(long number) {
        return SegmentForm.header(broken, number, store.read(broken, number));
    }

    private void rewrite(long number, SegmentHeader header, LogSegment content) {
        replace(number, SegmentForm.encode(header, content));
    }

    private static SegmentHeader with(SegmentHeader header, byte[] previous, long before, boolean open) {
        return new SegmentHeader(
                header.timeline(),
                header.number(),
                previous,
                header.dataset(),
                header.lineage(),
                header.pageSize(),
                header.resume(),
                before,
                open,
                header.pages(),
                header.commits());
    }

    private LogSegment content(long number) {
        return SegmentForm.decode(broken, number, store.read(broken, number)).content();
    }

    @Test
    void aWholeLogPasses() {
        LogVerification found = verify(Optional.of(new LogPosition(whole, 5)));
        assertTrue(found.passed(), found.problems()::toString);
        assertEquals(2, found.timelines());
        assertEquals(12, found.segments());
        assertEquals(10, found.transactions());
        assertEquals(2 * 9 * 512, found.bytes());
        assertEquals(Logged.BEGIN, found.verifiedAt());
        assertEquals("memory", found.dataset());
        assertEquals(
                0,
                new LogVerifying(store, () -> Logged.BEGIN)
                        .verify("another", Optional.empty(), new CancellationToken())
                        .timelines());
    }

    @Test
    void aRemovedSegmentIsNamed() {
        store.delete(broken, List.of(3L));
        assertNames(blob(3).value(), "is missing");
    }

    @Test
    void segmentsRemovedByRetentionAreNone() {
        store.delete(broken, List.of(1L, 2L));
        assertEquals(List.of(), verify(Optional.empty()).problems());
        store.delete(broken, List.of(3L, 4L));
        assertEquals(List.of(), verify(Optional.empty()).problems());
    }

    @Test
    void segmentsThatRetentionRemovesMeanwhileAreNone() {
        FaultyBlobStore slow = FaultyBlobStore.over(blobs);
        slow.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.READ
                    && call.name().equals(blob(2).value())) {
                store.delete(broken, List.of(1L, 2L, 3L));
            }
        });
        LogVerification found = new LogVerifying(Logged.packed(slow), () -> Logged.BEGIN)
                .verify("memory", Optional.empty(), new CancellationToken());
        assertEquals(List.of(), found.problems());
        slow.heal();
        slow.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.READ
                    && call.name().equals(blob(5).value())) {
                store.delete(broken, List.of(5L));
            }
        });
        assertEquals(
                1,
                new LogVerifying(Logged.packed(slow), () -> Logged.BEGIN)
                        .verify("memory", Optional.empty(), new CancellationToken())
                        .problems()
                        .size(),
                "retention never removes a later one before an earlier one");
    }

    @Test
    void aTimelineWhoseHeadCannotBeReadIsLeftOutByReaders() {
        ChangeLogs logs = new ChangeLogs(store);
        assertEquals(2, logs.timelines("memory").size());
        assertThrows(BlobNotFoundException.class, () -> logs.read(logs.timeline(broken), 6));
        replace(3, store.read(broken, 2));
        assertThrows(DamagedRepositoryException.class, () -> logs.summary(logs.timeline(broken), 3));
        store.delete(broken, List.of(0L));
        assertEquals(
                List.of(whole),
                new ChangeLogs(store)
                        .timelines("memory").stream().map(Timeline::id).toList());
        assertThrows(BlobNotFoundException.class, () -> new ChangeLogs(store).timeline(broken));
    }

    @Test
    void aRemovedHeadIsNamed() {
        store.delete(broken, List.of(0L));
        assertNames(broken, "head");
    }

    @Test
    void aRemovedHeadOfAnotherDatasetIsNot() {
        store.delete(broken, List.of(0L));
        assertEquals(
                List.of(),
                new LogVerifying(store, () -> Logged.BEGIN)
                        .verify("another", Optional.empty(), new CancellationToken())
                        .problems());
    }

    @Test
    void aFlippedBitIsNamed() {
        for (long number : new long[] {0, 1, 3, 5}) {
            byte[] right = blobs.bytes(blob(number));
            byte[] flipped = right.clone();
            flipped[right.length / 2] ^= 8;
            blobs.damage(blob(number), flipped);
            assertNames(blob(number).value());
            blobs.damage(blob(number), right);
        }
        assertTrue(verify(Optional.empty()).passed());
    }

    @Test
    void swappedSegmentsAreNamed() {
        byte[] two = blobs.bytes(blob(2));
        blobs.damage(blob(2), blobs.bytes(blob(5)));
        blobs.damage(blob(5), two);
        assertNames(blob(2).value());
    }

    @Test
    void bodiesSwappedByAKeyHolderAreNamed() {
        byte[] two = store.read(broken, 2);
        replace(2, store.read(broken, 5));
        replace(5, two);
        assertNames(blob(2).value(), "holds another segment");
    }

    @Test
    void aSegmentOfAnotherHistoryIsNamedWhereTheNextDoesNotFollow() {
        rewrite(2, header(2), Logged.transactions(1, 2));
        assertNames(blob(3).value(), "was made behind another segment", blob(2).value());
    }

    @Test
    void aSegmentOfAnotherTimelineIsNamed() {
        replace(2, store.read(whole, 2));
        assertNames(blob(2).value(), "holds another segment");
    }

    @Test
    void aGapInTheTransactionsIsNamed() {
        SegmentHeader last = header(5);
        rewrite(5, with(last, last.previous(), 4, last.open()), content(5));
        assertNames(blob(5).value(), "begins behind transaction 4", "ends behind 3");
    }

    @Test
    void anOpenTransactionThatIsNotOpenIsNamed() {
        SegmentHeader last = header(5);
        rewrite(5, with(last, last.previous(), 3, true), content(5));
        assertNames(blob(5).value(), "open");
    }

    @Test
    void aMissingEndIsNamedIfItIsKnownToHaveBeenStored() {
        store.delete(broken, List.of(5L));
        assertEquals(List.of(), verify(Optional.empty()).problems(), "the chain alone cannot tell");
        List<String> problems = verify(Optional.of(new LogPosition(broken, 5))).problems();
        assertEquals(1, problems.size());
        assertTrue(
                problems.get(0).contains("up to 5") && problems.get(0).contains("ends behind 3"), problems::toString);
        store.delete(broken, List.of(0L, 1L, 2L, 3L, 4L));
        assertEquals(
                1, verify(Optional.of(new LogPosition(broken, 5))).problems().size(), "the whole timeline is gone");
    }

    @Test
    void itCanBeCancelled() {
        CancellationToken token = new CancellationToken();
        token.cancel();
        assertThrows(
                BackupCancelledException.class,
                () -> new LogVerifying(store, () -> Logged.BEGIN).verify("memory", Optional.empty(), token));
    }
}
