package dev.cairn.backup.core.lineage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Epochs that no two histories share. */
class EpochsTest {

    private final MemoryBlobStore state = new MemoryBlobStore();

    @Test
    void twoProcessesThatBeginAtOnceGetNumbersOfTheirOwnForTheRestoreAndForItsUndoing() {
        Epochs other = new Epochs(state);
        for (int call = 1; call <= 4; call++) {
            FaultyBlobStore store = FaultyBlobStore.over(state);
            int meeting = call;
            store.onCall(met -> {
                if (met.number() == meeting) {
                    other.begin();
                }
            });
            Epochs one = new Epochs(store);
            Set<TimelineEpoch> seen = new HashSet<>();
            one.begin();
            assertTrue(seen.add(one.current()));
            assertTrue(seen.add(other.current()), "met at call " + call + ": " + other.current());
            one.abandon();
            assertTrue(seen.add(one.current()), "met at call " + call + ": " + one.current());
            other.abandon();
            assertTrue(seen.add(other.current()), "met at call " + call + ": " + other.current());
        }
    }

    @Test
    void aCrashLeavesAnEpochThatNobodyHasSeen() {
        Epochs died = new Epochs(state);
        TimelineEpoch begun = died.begin();
        assertTrue(new Epochs(state).known().compareTo(begun) > 0);
    }

    @Test
    void aBeginningThatFailsLeavesTheEpochAlone() {
        new Epochs(state).begin();
        for (long call = 1; call <= 3; call++) {
            FaultyBlobStore store = FaultyBlobStore.over(state);
            Epochs epochs = new Epochs(store);
            TimelineEpoch present = epochs.known();
            new Epochs(state).begin();
            store.failFrom(store.calls() + call);
            assertThrows(StoreException.class, epochs::begin);
            assertEquals(present, epochs.current());
        }
    }
}
