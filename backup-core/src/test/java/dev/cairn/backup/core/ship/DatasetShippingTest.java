package dev.cairn.backup.core.ship;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.TimelineLostException;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class DatasetShippingTest {

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final MemoryBlobStore state = new MemoryBlobStore();
    private final List<String> stored = Collections.synchronizedList(new ArrayList<>());
    private final FaultyBlobStore repository = FaultyBlobStore.over(new ForwardingStore(blobs) {
        @Override
        public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            PutOutcome outcome = super.putIfAbsent(name, content);
            stored.add(name.value());
            return outcome;
        }
    });
    private final SegmentStore store = Logged.packed(repository);
    private final List<ShippedLog> processes = new ArrayList<>();

    private ShippedLog process() {
        ShippedLog process = new ShippedLog(store, state);
        processes.add(process);
        return process;
    }

    @AfterEach
    void closeProcesses() {
        processes.forEach(ShippedLog::close);
    }

    private void repositoryGoesAway() {
        repository.failFrom(0);
    }

    /** The process keeps those and ends; then the repository is back. */
    private void leaveWaiting(ShippedLog log, int from, int to) {
        for (int i = from; i <= to; i++) {
            log.keep(Logged.transactions(i, 1));
        }
        log.close();
        repository.heal();
    }

    /** Its head and four segments. */
    private void leaveAWholeTimelineWaiting() {
        ShippedLog log = process();
        repositoryGoesAway();
        log.begin("first");
        leaveWaiting(log, 1, 4);
    }

    /** The first segment was stored and is gone; the second waits. */
    private void loseWhatLiesBeforeTheSpool() {
        ShippedLog log = process();
        log.begin("first");
        LogPosition end = log.keep(Logged.transactions(1, 1));
        assertTrue(log.drain());
        repositoryGoesAway();
        leaveWaiting(log, 2, 2);
        store.delete(end.timeline(), List.of(1L));
    }

    private List<BlobName> spooled() {
        return state.list("spool").stream().map(BlobInfo::name).toList();
    }

    private LogVerification verified() {
        return new LogVerifying(store, () -> Logged.BEGIN)
                .verify(ShippedLog.DATASET, Optional.empty(), new CancellationToken());
    }

    @Test
    void whatIsKeptComesIntoTheRepositoryAsItWas() {
        ShippedLog process = process();
        assertEquals(Optional.empty(), process.shipping.last());
        LogPosition begin = process.begin("first");
        SplittableRandom random = new SplittableRandom(3);
        List<LogSegment> kept = new ArrayList<>();
        long transactions = 0;
        for (int i = 0; i < 40; i++) {
            LogSegment any = Logged.any(random);
            if (any.pageSize() == 512) {
                kept.add(any);
                transactions += any.commits().size();
                assertEquals(new LogPosition(begin.timeline(), transactions), process.keep(any));
            }
        }
        assertTrue(process.drain());
        assertEquals(List.of(), spooled());
        ChangeLogs logs = new ChangeLogs(store);
        Timeline timeline = logs.timelines(ShippedLog.DATASET).get(0);
        assertEquals(
                new Timeline(
                        begin.timeline(),
                        ShippedLog.DATASET,
                        ShippedLog.LINEAGE,
                        512,
                        Logged.BEGIN,
                        "first",
                        false,
                        Optional.empty()),
                timeline);
        assertEquals(LongStream.rangeClosed(0, kept.size()).boxed().toList(), logs.numbers(timeline));
        byte[] digest = logs.read(timeline, 0).digest();
        LogPosition end = begin;
        for (int i = 0; i < kept.size(); i++) {
            Segment segment = logs.read(timeline, i + 1);
            assertArrayEquals(kept.get(i).content(), segment.content().content());
            assertArrayEquals(kept.get(i).pages(), segment.content().pages());
            assertEquals(kept.get(i).commits(), segment.summary().commits());
            assertEquals(end, segment.summary().before());
            assertArrayEquals(digest, segment.summary().previous());
            assertEquals(
                    segment.summary().commits(), logs.summary(timeline, i + 1).commits());
            end = segment.summary().after();
            digest = segment.digest();
        }
        assertEquals(new LogPosition(begin.timeline(), transactions), end);
        assertEquals(List.of(), verified().problems());
        assertEquals(transactions, verified().transactions());
        assertEquals(List.of(), logs.timelines("another"));
    }

    @Test
    void theNextProcessGoesOnExactlyWhereTheLastEnded() {
        ShippedLog first = process();
        first.begin("first");
        LogPosition kept = first.keep(Logged.transactions(1, 5));
        first.keep(Logged.opened(3));
        assertTrue(first.drain());
        first.close();

        ShippedLog second = process();
        assertEquals(Optional.of(new LogShipping.Last(kept, 512, "resume open", true)), second.shipping.last());
        assertEquals(Optional.of(kept), second.shipping.status().stored());
        assertEquals(new LogPosition(kept.timeline(), 6), second.keep(Logged.transactions(6, 1)));
        assertTrue(second.drain());
        assertEquals(List.of(), verified().problems());
        assertEquals(6, verified().transactions());
    }

    @Test
    void aRepositoryThatIsAwayHoldsNothingUpAndIsCaughtUpWithInOrder() {
        ShippedLog process = process();
        process.begin("first");
        process.shipping.based(new LogPosition(process.shipping.timeline().orElseThrow(), 0), Logged.BEGIN);
        assertTrue(process.drain());
        repositoryGoesAway();
        LogPosition before = process.shipping.status().stored().orElseThrow();
        for (int i = 1; i <= 20; i++) {
            process.keep(Logged.transactions(i, 1));
        }
        process.clock.advance(Duration.ofSeconds(90));
        assertFalse(process.shipper.drain(Duration.ofMillis(1)));
        process.awaitProblem();
        ProtectionStatus away = process.shipping.status();
        assertEquals(ProtectionStatus.State.SPOOLING, away.state());
        assertEquals(20, away.kept().orElseThrow().transaction());
        assertEquals(Optional.of(before), away.stored());
        assertEquals(Duration.ofSeconds(90), away.lag());
        assertEquals(state.list("spool").stream().mapToLong(BlobInfo::size).sum(), away.spoolBytes());
        assertTrue(away.problem().orElseThrow().contains("Injected fault"));
        assertEquals(20, spooled().size());

        stored.clear();
        repository.heal();
        assertTrue(process.drain());
        assertEquals(stored.stream().sorted().toList(), stored);
        assertEquals(20, stored.size());
        ProtectionStatus back = process.shipping.status();
        assertEquals(ProtectionStatus.State.PROTECTED, back.state());
        assertEquals(back.kept(), back.stored());
        assertEquals(Duration.ZERO, back.lag());
        assertEquals(0, back.spoolBytes());
        assertEquals(Optional.empty(), back.problem());
        assertEquals(List.of(), spooled());
        assertEquals(List.of(), verified().problems());
        process.awaitEvents(5);
        assertEquals(List.of("begun: first", "STARTING", "PROTECTED", "SPOOLING", "PROTECTED"), process.events);
    }

    @Test
    void aFullSpoolRefusesAndGoesOnWhenThereIsRoom() {
        ShippedLog process = new ShippedLog(store, state, 20_000);
        processes.add(process);
        process.begin("first");
        repositoryGoesAway();
        int kept = 0;
        while (kept < 1_000) {
            LogSegment segment = Logged.transactions(kept + 1, 20);
            try {
                process.keep(segment);
                kept += 20;
            } catch (LimitExceededException full) {
                break;
            }
        }
        assertTrue(kept > 20 && kept < 1_000, kept + " transactions");
        assertTrue(state.list("spool").stream().mapToLong(BlobInfo::size).sum() <= 20_000);
        ProtectionStatus full = process.shipping.status();
        assertEquals(ProtectionStatus.State.INTERRUPTED, full.state());
        assertEquals(kept, full.kept().orElseThrow().transaction());
        assertTrue(full.problem().orElseThrow().contains("spool of dataset 'memory'"), full.toString());
        repository.heal();
        assertTrue(process.drain());
        process.keep(Logged.transactions(kept + 1, 20));
        assertTrue(process.drain());
        assertEquals(ProtectionStatus.State.STARTING, process.shipping.status().state());
        assertEquals(kept + 20, verified().transactions());
        assertEquals(List.of(), verified().problems());
    }

    @Test
    void whatAnEarlierProcessLeftInTheSpoolIsUploadedFirst() {
        ShippedLog first = process();
        first.begin("first");
        assertTrue(first.drain());
        first.keep(Logged.transactions(1, 2));
        assertTrue(first.drain());
        repositoryGoesAway();
        first.keep(Logged.transactions(3, 2));
        LogPosition kept = first.keep(Logged.transactions(5, 1));
        first.close();
        repository.heal();

        ShippedLog second = process();
        assertEquals(kept, second.shipping.last().orElseThrow().position());
        assertEquals(new LogPosition(kept.timeline(), 6), second.keepNext());
        assertTrue(second.drain());
        assertEquals(List.of(), spooled());
        assertEquals(6, verified().transactions());
        assertEquals(List.of(), verified().problems());
    }

    @Test
    void whatWaitsIsKnownWhileTheRepositoryIsAway() {
        ShippedLog first = process();
        repositoryGoesAway();
        first.begin("first");
        LogPosition kept = first.keep(Logged.transactions(1, 2));
        first.close();

        ShippedLog second = process();
        assertThrows(StoreException.class, second.shipping::last, "a newer timeline may be in the repository");
        assertEquals(ProtectionStatus.State.WAITING, second.shipping.status().state());
        assertTrue(second.shipping.status().spoolBytes() > 0);
        repository.heal();
        assertEquals(kept, second.shipping.last().orElseThrow().position());
        assertTrue(second.drain());
        assertEquals(2, verified().transactions());
    }

    @Test
    void aSegmentThatWasPutAndNotYetRemovedFromTheSpoolIsRecognised() {
        ShippedLog first = process();
        first.begin("first");
        first.keep(Logged.transactions(1, 2));
        assertTrue(first.drain());
        MemoryBlobStore before = new MemoryBlobStore();
        FaultyBlobStore stuck = FaultyBlobStore.over(before);
        stuck.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.DELETE) {
                throw new StoreException(StoreException.Reason.IO, "cannot delete", "wait", null);
            }
        });
        ShippedLog dying = new ShippedLog(store, stuck);
        dying.shipping.last();
        dying.keepNext();
        assertFalse(dying.shipper.drain(Duration.ofMillis(50)));
        dying.awaitProblem();
        dying.close();
        assertEquals(1, before.list("spool").size());

        ShippedLog next = new ShippedLog(store, before);
        processes.add(next);
        assertEquals(3, next.shipping.last().orElseThrow().position().transaction());
        next.keepNext();
        assertTrue(next.drain());
        assertEquals(0, before.list("spool").size());
        assertEquals(List.of(), verified().problems());
        assertEquals(4, verified().transactions());
    }

    @Test
    void timelinesThatWaitAreUploadedInTheOrderInWhichTheyBegan() {
        ShippedLog first = process();
        first.begin("0");
        assertTrue(first.drain());
        repositoryGoesAway();
        List<String> begun = new ArrayList<>();
        begun.add(first.keep(Logged.transactions(1, 1)).timeline());
        for (int i = 1; i <= 4; i++) {
            first.clock.advance(Duration.ofSeconds(1));
            begun.add(first.begin("" + i).timeline());
        }
        first.close();
        stored.clear();
        repository.heal();
        ShippedLog second = process();
        assertTrue(second.drain());
        assertEquals(begun, stored.stream().map(name -> name.split("/", -1)[1]).toList());
        assertEquals(
                begun.get(4), second.shipping.last().orElseThrow().position().timeline());
    }

    @Test
    void aDamagedSegmentInTheSpoolEndsItsTimelineAndIsTold() {
        ShippedLog first = process();
        first.begin("first");
        assertTrue(first.drain());
        repositoryGoesAway();
        leaveWaiting(first, 1, 4);
        BlobName third = spooled().get(2);
        byte[] bytes = state.bytes(third);
        bytes[bytes.length / 2] ^= 1;
        state.damage(third, bytes);

        ShippedLog second = process();
        assertTrue(second.events.get(0).startsWith("lost: Segment 'segments/"), second.events::toString);
        assertEquals(Optional.empty(), second.shipping.last());
        assertTrue(second.drain());
        assertEquals(2, verified().transactions(), "what lay before it is stored");
        LogPosition begun = second.begin("the spool was damaged");
        second.keep(Logged.transactions(1, 1));
        assertTrue(second.drain());
        ChangeLogs logs = new ChangeLogs(store);
        assertEquals(
                third.value().split("/", -1)[1],
                logs.timeline(begun.timeline()).predecessor().orElseThrow());
        assertEquals(2, spooled().size(), "the damaged one and what is behind it stay where they are");
        second.close();

        assertEquals(
                begun.timeline(),
                process().shipping.last().orElseThrow().position().timeline());
        assertEquals(List.of(), verified().problems());
    }

    @Test
    void aMissingSegmentInTheSpoolEndsItsTimeline() {
        leaveAWholeTimelineWaiting();
        state.delete(spooled().get(2));
        ShippedLog second = process();
        assertEquals(Optional.empty(), second.shipping.last());
        assertTrue(second.drain());
        assertEquals(1, verified().transactions());
    }

    @Test
    void whatIsMissingInTheSpoolRightBehindTheHeadIsNotTakenForWhatRetentionRemoved() {
        leaveAWholeTimelineWaiting();
        state.delete(spooled().get(1));
        ShippedLog second = process();
        assertTrue(second.events.get(0).startsWith("lost: Segment 'segments/"), second.events::toString);
        assertEquals(Optional.empty(), second.shipping.last(), "no restore from the beginning reaches what is behind");
        assertTrue(second.drain());
        LogPosition begun = second.begin("the spool was damaged");
        second.keep(Logged.transactions(1, 1));
        assertTrue(second.drain());
        assertEquals(1, verified().transactions(), "nothing is stored behind the hole");
        assertEquals(3, spooled().size(), "what is behind it stays where it is");
        second.close();
        assertEquals(
                begun.timeline(),
                process().shipping.last().orElseThrow().position().timeline());
    }

    @Test
    void aTimelineThatFollowsOneWhoseEndIsUnknownSaysThatTransactionsMayBeLost() {
        ShippedLog first = process();
        first.begin("first");
        assertTrue(first.drain());
        repositoryGoesAway();
        leaveWaiting(first, 1, 2);
        state.damage(spooled().get(0), new byte[] {1});

        ShippedLog second = process();
        assertEquals(Optional.empty(), second.shipping.last(), "so that its source takes it for the first time");
        LogPosition begun = second.begin("first");
        assertTrue(second.drain());
        assertTrue(new ChangeLogs(store).timeline(begun.timeline()).gap());
    }

    @Test
    void whatNobodyCanReadInTheSpoolEndsTheTimelineInsteadOfBeingMetForEver() {
        ShippedLog first = process();
        LogPosition begun = first.begin("first");
        assertTrue(first.drain());
        repositoryGoesAway();
        leaveWaiting(first, 1, 1);
        state.damage(spooled().get(0), new byte[] {1}); // So that nothing tells whose it is.

        ShippedLog second = process();
        assertEquals(begun, second.shipping.last().orElseThrow().position());
        assertThrows(TimelineLostException.class, () -> second.keep(Logged.transactions(1, 1)));
        assertTrue(second.events.stream().anyMatch(event -> event.startsWith("lost: ")), second.events::toString);
        second.begin("the spool was damaged");
        second.keep(Logged.transactions(1, 1));
        assertTrue(second.drain());
        assertEquals(1, verified().transactions());
        assertEquals(1, spooled().size(), "it stays where it is");
    }

    @Test
    void aTimelineThatFollowsOneThatTheRepositoryLacksTheEndOfSaysThatTransactionsMayBeLost() {
        loseWhatLiesBeforeTheSpool();

        ShippedLog second = process();
        assertEquals(Optional.empty(), second.shipping.last());
        LogPosition begun = second.begin("first");
        assertTrue(second.drain());
        assertTrue(new ChangeLogs(store).timeline(begun.timeline()).gap());
    }

    @Test
    void aRepositoryThatLacksWhatLiesBeforeTheSpoolIsNotGoneOnWith() {
        loseWhatLiesBeforeTheSpool();
        assertEquals(Optional.empty(), process().shipping.last());
    }

    @Test
    void twoThatShipOneDatasetNoticeAtTheSecondPut() {
        ShippedLog first = process();
        first.begin("first");
        first.keep(Logged.transactions(1, 1));
        assertTrue(first.drain());
        ShippedLog clone = new ShippedLog(store, new MemoryBlobStore());
        processes.add(clone);
        clone.keepNext();
        assertTrue(clone.drain());

        first.keep(Logged.transactions(2, 3));
        assertTrue(first.drain());
        assertEquals(List.of(), spooled(), "nobody can use it any more");
        TimelineLostException lost =
                assertThrows(TimelineLostException.class, () -> first.keep(Logged.transactions(5, 1)));
        assertTrue(lost.getMessage().contains("/0000000000000000002"), lost.getMessage());
        assertEquals(Optional.empty(), first.shipping.last());
        assertEquals(ProtectionStatus.State.INTERRUPTED, first.shipping.status().state());
        LogPosition anew = first.begin("somebody else ships it");
        first.keep(Logged.transactions(1, 1));
        clone.keepNext();
        assertTrue(first.drain() && clone.drain());
        assertEquals(ProtectionStatus.State.STARTING, first.shipping.status().state());
        assertNotEquals(anew.timeline(), clone.shipping.timeline().orElseThrow());
        assertEquals(List.of(), verified().problems());
        assertEquals(4, verified().transactions());
        assertTrue(first.events.stream().anyMatch(event -> event.startsWith("lost: ")), first.events::toString);
    }

    @Test
    void twoOnOneStateStoreNoticeInTheSpool() {
        ShippedLog first = process();
        first.begin("first");
        assertTrue(first.drain());
        ShippedLog second = process();
        second.shipping.last();
        repositoryGoesAway();
        first.keep(Logged.transactions(1, 1));
        assertThrows(TimelineLostException.class, () -> second.keep(Logged.transactions(1, 2)));
        repository.heal();
        first.keep(Logged.transactions(2, 1));
        assertTrue(first.drain());
        assertEquals(2, verified().transactions());
    }

    @Test
    void aDamagedSegmentInTheRepositoryIsReplacedByTheRightOne() {
        ShippedLog process = process();
        LogPosition begin = process.begin("first");
        assertTrue(process.drain());
        store.put(begin.timeline(), 1, new byte[100]);
        process.keep(Logged.transactions(1, 1));
        assertTrue(process.drain());
        assertEquals(List.of(), verified().problems());
        assertEquals(1, verified().transactions());
    }

    @Test
    void aKilledUploadIsDoneAgain() {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        ShippedLog first = process();
        first.begin("first");
        assertTrue(first.drain());
        AtomicBoolean once = new AtomicBoolean();
        repository.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && once.compareAndSet(false, true)) {
                reached.countDown();
                await(killed);
                throw new StoreException(StoreException.Reason.IO, "killed", "nothing", null);
            }
        });
        first.keep(Logged.transactions(1, 1));
        await(reached);
        MemoryBlobStore left = state.copy();
        ShippedLog second = new ShippedLog(store, left);
        processes.add(second);
        second.shipping.last();
        second.keepNext();
        assertTrue(second.drain());
        killed.countDown();
        assertTrue(first.drain(), "the one that only slept finds its own");
        assertEquals(List.of(), verified().problems());
        assertEquals(2, verified().transactions());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void timelinesAreChainedAndTheNewestCounts() {
        ShippedLog first = process();
        String one = first.begin("first").timeline();
        // A clock that was set back must not make the older one the newer.
        first.clock.advance(Duration.ofDays(-400));
        String two = first.begin("second").timeline();
        assertTrue(first.drain());
        first.close();
        ShippedLog second = process();
        assertEquals(two, second.shipping.last().orElseThrow().position().timeline());
        String three = second.begin("third").timeline();
        assertTrue(second.drain());
        ChangeLogs logs = new ChangeLogs(store);
        assertEquals(Optional.of(one), logs.timeline(two).predecessor());
        assertEquals(Optional.of(two), logs.timeline(three).predecessor());
        assertEquals(3, logs.timelines(ShippedLog.DATASET).size());
        assertEquals(List.of("a new timeline began: first", "a new timeline began: second"), first.basesWanted);
        second.shipping.requestBase("it takes long");
        assertEquals("it takes long", second.basesWanted.get(1));
    }

    @Test
    void theStatusTellsWhatTheEngineDoes() {
        ShippedLog process = process();
        assertEquals(ProtectionStatus.State.WAITING, process.shipping.status().state());
        LogPosition begin = process.begin("first");
        process.shipping.based(new LogPosition("ab".repeat(16), 9), Logged.BEGIN);
        assertEquals(Optional.empty(), process.shipping.status().lastBase(), "of another timeline");
        Instant at = Logged.BEGIN.plusSeconds(5);
        process.shipping.based(begin, at);
        process.keep(Logged.transactions(1, 3));
        ProtectionStatus status = process.shipping.status();
        assertEquals(ProtectionStatus.State.PROTECTED, status.state());
        assertEquals(Optional.of(at), status.lastBase());
        assertEquals(4711, status.logBytes());
        assertEquals(1 << 28, status.logLimit());
        assertEquals(1 << 20, status.spoolLimit());
        assertEquals(3, status.keptTotal());
        assertEquals(1, status.timelinesTotal());
        process.state = new ContinuousSource.State(false, 1, Optional.of("locked"));
        assertEquals(
                ProtectionStatus.State.INTERRUPTED, process.shipping.status().state());
        assertEquals(Optional.of("locked"), process.shipping.status().problem());
        process.shipping.paused();
        assertEquals(ProtectionStatus.State.PAUSED, process.shipping.status().state());
        process.shipping.resumed();
        assertEquals(
                ProtectionStatus.State.INTERRUPTED, process.shipping.status().state());
        process.shipping.closed();
        process.awaitEvents(7);
        assertEquals(
                List.of("begun: first", "STARTING", "PROTECTED", "INTERRUPTED", "PAUSED", "INTERRUPTED", "CLOSED"),
                process.events);
        assertEquals(Set.of(begin.timeline()), process.shipper.timelines());
    }

    @Test
    void aSourceThatHasNotRunYetIsWaitedForAndCallsNobody() {
        ShippedLog first = process();
        first.begin("first");
        first.keep(Logged.transactions(1, 3));
        assertTrue(first.drain());
        first.close();

        ShippedLog next = process();
        next.state = new ContinuousSource.State(false, 0, Optional.empty());
        assertEquals(3, next.shipping.last().orElseThrow().position().transaction());
        assertEquals(ProtectionStatus.State.WAITING, next.shipping.status().state());
        next.state = new ContinuousSource.State(true, 0, Optional.empty());
        assertEquals(ProtectionStatus.State.STARTING, next.shipping.status().state());
        next.state = new ContinuousSource.State(false, 0, Optional.empty());
        assertEquals(ProtectionStatus.State.INTERRUPTED, next.shipping.status().state());
        next.shipping.paused();
        next.shipping.resumed();
        assertEquals(ProtectionStatus.State.WAITING, next.shipping.status().state());
        next.awaitEvents(4);
        assertEquals(List.of("STARTING", "INTERRUPTED", "PAUSED", "WAITING"), next.events);
    }

    @Test
    void whatCannotBeKeptIsRefused() {
        ShippedLog process = process();
        assertThrows(IllegalStateException.class, () -> process.keep(Logged.transactions(1, 1)));
        assertThrows(InvalidValueException.class, () -> process.shipping.begin(1000, "", "why", false));
        assertThrows(InvalidValueException.class, () -> process.shipping.begin(512, "r".repeat(257), "why", false));
        process.begin("w".repeat(5_000));
        assertThrows(
                InvalidValueException.class,
                () -> process.keep(new LogSegment(1024, List.of(), new int[0], new byte[0], "")));
        assertThrows(
                IllegalStateException.class, () -> process.shipper.of(ShippedLog.DATASET, null, why -> {}, process));
    }

    @Test
    void aTimelineThatIsLostIsNotCalledProtected() {
        ShippedLog first = process();
        LogPosition begin = first.begin("first");
        first.shipping.based(begin, Logged.BEGIN);
        assertTrue(first.drain());
        ShippedLog clone = new ShippedLog(store, new MemoryBlobStore());
        processes.add(clone);
        clone.keepNext();
        assertTrue(clone.drain());
        first.keep(Logged.transactions(1, 3));
        assertTrue(first.drain());
        ProtectionStatus status = first.shipping.status();
        assertEquals(ProtectionStatus.State.INTERRUPTED, status.state());
        assertTrue(status.problem().orElseThrow().contains(begin.timeline()), status::toString);
    }

    @Test
    void aSourceThatCannotSayHowItStandsHoldsNothingUp() {
        ShippedLog process = process();
        process.begin("first");
        process.stateFailure = new IllegalStateException("no state");
        assertEquals(1, process.keep(Logged.transactions(1, 1)).transaction());
        assertEquals(2, process.keep(Logged.transactions(2, 1)).transaction());
        assertTrue(process.drain());
        assertEquals(2, verified().transactions());
        ProtectionStatus status = process.shipping.status();
        assertEquals(ProtectionStatus.State.INTERRUPTED, status.state());
        assertTrue(status.problem().orElseThrow().contains("no state"), status::toString);
        process.stateFailure = null;
        assertEquals(ProtectionStatus.State.STARTING, process.shipping.status().state());
    }

    @Test
    void aSegmentThatIsNeitherInTheSpoolNorReadableInTheRepositoryHoldsNoOtherUp() {
        ShippedLog process = process();
        LogPosition begin = process.begin("first");
        assertTrue(process.drain());
        AtomicBoolean once = new AtomicBoolean();
        repository.onCall(
                call -> { // On the uploader's thread, so that it has read the spool before, and not yet again.
                    if (call.operation() == FaultyBlobStore.Operation.PUT && once.compareAndSet(false, true)) {
                        state.delete(spooled().get(0));
                        blobs.putIfAbsent(
                                BlobName.of("segments/" + begin.timeline() + "/0000000000000000001"),
                                BlobContent.of(new byte[100]));
                        throw new StoreException(StoreException.Reason.IO, "away", "wait", null);
                    }
                });
        process.keep(Logged.transactions(1, 1));
        assertTrue(process.drain());
        assertThrows(TimelineLostException.class, () -> process.keep(Logged.transactions(2, 1)));
    }

    @Test
    void headsThatWereRemovedAreForgotten() {
        ShippedLog process = process();
        String one = process.begin("first").timeline();
        process.begin("second");
        assertTrue(process.drain());
        ChangeLogs logs = new ChangeLogs(store);
        assertEquals(2, logs.timelines(ShippedLog.DATASET).size());
        store.delete(one, List.of(0L));
        assertEquals(1, logs.timelines(ShippedLog.DATASET).size());
        assertThrows(BlobNotFoundException.class, () -> logs.timeline(one));
    }
}
