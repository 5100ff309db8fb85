package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Without rules it is a store like any other; with rules it fails as told. */
class FaultyBlobStoreTest extends BlobStoreContract {

    private final MemoryBlobStore memory = new MemoryBlobStore();
    private final FaultyBlobStore faulty = FaultyBlobStore.over(memory);
    private final BlobContent content = BlobContent.of("content");

    @Override
    protected BlobStore newStore() {
        return FaultyBlobStore.over(new MemoryBlobStore());
    }

    @Test
    void oneCallFailsAndTheNextWorks() {
        faulty.failAt(2);
        assertEquals(List.of(), faulty.list(""));
        assertThrows(StoreException.class, () -> faulty.putIfAbsent(name("a"), content));
        assertEquals(PutOutcome.CREATED, faulty.putIfAbsent(name("a"), content));
        assertEquals(3, faulty.calls());
        assertEquals(2, faulty.calls(FaultyBlobStore.Operation.PUT));
    }

    @Test
    void aFaultTiedToAnOperationCountsOnlyThat() {
        faulty.failAt(FaultyBlobStore.Operation.DELETE, 1);
        faulty.putIfAbsent(name("a"), content);
        assertThrows(StoreException.class, () -> faulty.delete(name("a")));
        assertTrue(memory.stat(name("a")).isPresent());
        assertTrue(faulty.delete(name("a")));
    }

    @Test
    void aStoreThatHasGoneAwayComesBackWhenHealed() {
        faulty.failFrom(1);
        for (int i = 0; i < 3; i++) {
            assertThrows(StoreException.class, () -> faulty.list(""));
        }
        faulty.heal();
        assertEquals(List.of(), faulty.list(""));
    }

    @Test
    void tornPutsLeaveWhatTheySay() {
        faulty.tearAt(1, FaultyBlobStore.Tear.NOTHING_STORED)
                .tearAt(2, FaultyBlobStore.Tear.LOST_UNKNOWN)
                .tearAt(3, FaultyBlobStore.Tear.STORED_UNKNOWN)
                .tearAt(4, FaultyBlobStore.Tear.STORED_BUT_FAILS);
        assertThrows(StoreException.class, () -> faulty.putIfAbsent(name("one"), content));
        assertEquals(PutOutcome.UNKNOWN, faulty.putIfAbsent(name("two"), content));
        assertEquals(PutOutcome.UNKNOWN, faulty.putIfAbsent(name("three"), content));
        StoreException lost = assertThrows(StoreException.class, () -> faulty.putIfAbsent(name("four"), content));
        assertEquals(StoreException.Reason.OUTCOME_UNKNOWN, lost.reason());
        assertEquals(
                List.of("four", "three"),
                memory.list("").stream().map(blob -> blob.name().value()).toList());
    }

    @Test
    void aFullStoreTakesNoMoreButDeletes() {
        faulty.fullAfter(10);
        assertEquals(PutOutcome.CREATED, faulty.putIfAbsent(name("fits"), BlobContent.of(noise(1, 10))));
        StoreException full = assertThrows(
                StoreException.class, () -> faulty.putIfAbsent(name("one-more"), BlobContent.of(noise(1, 1))));
        assertEquals(StoreException.Reason.FULL, full.reason());
        assertTrue(memory.stat(name("one-more")).isEmpty());
        assertTrue(faulty.delete(name("fits")));
    }

    @Test
    void aDelayedCallWaitsForItsLatch() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        faulty.delay(1, latch);
        CountDownLatch begun = new CountDownLatch(1);
        InParallel.run(2, thread -> () -> {
            if (thread == 0) {
                begun.countDown();
                faulty.putIfAbsent(name("late"), content);
                order.add("late");
            } else {
                begun.await();
                order.add("early");
                latch.countDown();
            }
            return true;
        });
        assertEquals(List.of("early", "late"), order);
    }

    @Test
    void aHookSeesEveryCallBeforeItRuns() {
        List<FaultyBlobStore.Call> seen = new CopyOnWriteArrayList<>();
        faulty.onCall(seen::add);
        faulty.stat(BlobName.of("x/y"));
        faulty.children("x");
        assertEquals(
                List.of(
                        new FaultyBlobStore.Call(FaultyBlobStore.Operation.STAT, "x/y", 1, 1),
                        new FaultyBlobStore.Call(FaultyBlobStore.Operation.CHILDREN, "x", 2, 1)),
                seen);
    }
}
