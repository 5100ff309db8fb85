package dev.cairn.backup.core.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** After a crash at any step the end of the log is what was acknowledged, or the one step more that was under way; and nothing before it is missing. */
@Timeout(600)
class ShippingCrashTest {

    private static final int STEPS = 8;

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final MemoryBlobStore state = new MemoryBlobStore();

    /** What a process did: where it stood after each step that was acknowledged, and where the step would have led that was not. */
    private static final class Story {

        private final List<LogPosition> acknowledged = new ArrayList<>();
        private final ShippedLog process;

        Story(ShippedLog process) {
            this.process = process;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                acknowledged.add(step(step));
            }
        }

        /** A timeline of six transactions in four segments, and another of two. */
        private LogPosition step(int step) {
            return switch (step) {
                case 0 -> process.begin("first");
                case 1 -> process.keep(Logged.transactions(1, 2));
                case 2 -> process.keep(Logged.opened(2));
                case 3 -> process.keep(Logged.transactions(3, 3));
                case 4 -> process.keep(Logged.transactions(6, 1));
                case 5 -> process.begin("second");
                default -> process.keep(Logged.transactions(step - 5, 1));
            };
        }

        /** Whether a log that ends there has all that was acknowledged, and at most one step more. */
        void assertEnd(Optional<LogShipping.Last> last) {
            Optional<LogPosition> end = last.map(LogShipping.Last::position);
            if (acknowledged.isEmpty()) {
                assertTrue(end.isEmpty() || end.get().transaction() == 0, end::toString);
                return;
            }
            LogPosition kept = acknowledged.get(acknowledged.size() - 1);
            if (end.orElseThrow().equals(kept)) {
                return;
            }
            int more = acknowledged.size();
            if (more == 0 || more == 5) {
                assertEquals(0, end.get().transaction(), "a timeline that was being begun");
            } else {
                long transaction = more > 5 ? more - 5 : List.of(0, 2, 2, 5, 6).get(more);
                assertEquals(new LogPosition(kept.timeline(), transaction), end.get());
            }
        }
    }

    private static LogVerification verify(SegmentStore store) {
        return new LogVerifying(store, () -> Logged.BEGIN)
                .verify(ShippedLog.DATASET, Optional.empty(), new CancellationToken());
    }

    /** Whether the story came to its end. */
    private boolean crash(FaultyBlobStore dyingState, FaultyBlobStore dyingRepository) {
        SegmentStore store = Logged.browsable(blobs);
        Story story = new Story(new ShippedLog(Logged.browsable(dyingRepository), dyingState));
        boolean ended = false;
        try {
            story.run();
            ended = true;
        } catch (BackupException crashed) {
            // As if the process ended here.
        }
        dyingState.failFrom(0);
        dyingRepository.failFrom(0);
        story.process.close();
        try (ShippedLog next = new ShippedLog(store, state)) {
            Optional<LogShipping.Last> last = next.shipping.last();
            story.assertEnd(last);
            if (last.isEmpty()) {
                next.begin("nothing was begun");
            }
            long before = next.shipping.last().orElseThrow().position().transaction();
            next.keepNext();
            assertTrue(next.drain());
            assertEquals(List.of(), state.list("spool"));
            assertEquals(List.of(), verify(store).problems());
            ChangeLogs logs = new ChangeLogs(store);
            Timeline newest =
                    logs.timeline(next.shipping.last().orElseThrow().position().timeline());
            List<Long> numbers = logs.numbers(newest);
            assertEquals(
                    before + 1,
                    logs.summary(newest, numbers.get(numbers.size() - 1))
                            .after()
                            .transaction());
        }
        return ended;
    }

    @ParameterizedTest
    @EnumSource(FaultyBlobStore.Tear.class)
    void aCrashWhileSomethingIsKept(FaultyBlobStore.Tear tear) {
        for (int put = 1; put <= STEPS; put++) {
            clear();
            FaultyBlobStore dying = FaultyBlobStore.over(state).tearAt(put, tear);
            assertTrue(!crash(dying, FaultyBlobStore.over(blobs)), "put " + put);
        }
    }

    private void clear() {
        state.list("").forEach(blob -> state.delete(blob.name()));
        blobs.list("").forEach(blob -> blobs.delete(blob.name()));
    }

    @Test
    void aCrashWhileTheSpoolIsUploadedOrCleared() {
        for (int call = 1; call <= 40; call++) {
            clear();
            Logged.browsable(blobs);
            FaultyBlobStore repository = FaultyBlobStore.over(blobs).failFrom(call);
            try {
                assertTrue(crash(FaultyBlobStore.over(state), repository), "nothing is held up");
            } catch (StoreException tooEarly) {
                assertTrue(call < 5, "opening takes few calls");
            }
        }
        for (int delete = 1; delete <= STEPS; delete++) {
            clear();
            FaultyBlobStore spool = FaultyBlobStore.over(state);
            int from = delete;
            spool.onCall(call -> {
                if (call.operation() == FaultyBlobStore.Operation.DELETE && call.ofOperation() >= from) {
                    throw new StoreException(StoreException.Reason.IO, "Injected", "nothing", null);
                }
            });
            assertTrue(crash(spool, FaultyBlobStore.over(blobs)));
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyBlobStore.Tear.class)
    void whatFailedMayBeGivenAgainAlsoWithMoreInIt(FaultyBlobStore.Tear tear) {
        for (int more : new int[] {0, 2}) {
            for (boolean twice : new boolean[] {false, true}) {
                clear();
                SegmentStore store = Logged.browsable(blobs);
                FaultyBlobStore spool = FaultyBlobStore.over(state).tearAt(3, tear);
                if (twice) {
                    spool.tearAt(4, tear);
                }
                try (ShippedLog process = new ShippedLog(store, spool)) {
                    process.begin("first");
                    process.keep(Logged.transactions(1, 1));
                    assertThrows(StoreException.class, () -> process.keep(Logged.transactions(2, 1)));
                    LogPosition after = again(process, Logged.transactions(2, 1 + more));
                    assertEquals(2 + more, after.transaction());
                    process.keep(Logged.transactions(3 + more, 1));
                    assertTrue(process.drain());
                    assertEquals(List.of(), verify(store).problems());
                    assertEquals(3 + more, verify(store).transactions());
                    assertEquals(List.of(), state.list("spool"));
                }
            }
        }
    }

    /** Until it is kept, as a source does; each time with the same. */
    private static LogPosition again(ShippedLog process, LogSegment segment) {
        for (int attempt = 1; attempt <= 4; attempt++) {
            try {
                return process.keep(segment);
            } catch (StoreException e) {
                continue;
            }
        }
        throw new AssertionError("it is never kept");
    }

    @ParameterizedTest
    @EnumSource(FaultyBlobStore.Tear.class)
    void aTimelineWhoseBeginningFailedIsNoneOrTheSameForTheNextProcess(FaultyBlobStore.Tear tear) {
        SegmentStore store = Logged.browsable(blobs);
        FaultyBlobStore spool = FaultyBlobStore.over(state).tearAt(2, tear);
        AtomicBoolean kept = new AtomicBoolean();
        try (ShippedLog process = new ShippedLog(store, spool)) {
            LogPosition first = process.begin("first");
            assertThrows(StoreException.class, () -> process.begin("second"));
            assertEquals(first, process.shipping.last().orElseThrow().position(), "nothing was begun");
            process.keep(Logged.transactions(1, 1));
            kept.set(process.drain());
        }
        assertTrue(kept.get());
        try (ShippedLog next = new ShippedLog(store, state)) {
            assertEquals(1, next.shipping.last().orElseThrow().position().transaction());
            assertEquals(List.of(), verify(store).problems());
        }
    }
}
