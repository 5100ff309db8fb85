package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.core.packed.fence.Schedule.Beside;
import dev.cairn.backup.core.packed.fence.Schedule.Sleeper;
import dev.cairn.backup.core.packed.fence.Schedule.Work;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariant 4: nothing alive is lost, whichever step a writer, a sweep or a reader sleeps through. Campaign: {@code -Dcairn.campaign=fence}. */
class SuspensionTest {

    private static final long SEED = 20261121;

    @ParameterizedTest
    @EnumSource(Work.class)
    void whoeverSleepsBeforeAnyCallLosesNothing(Work work) {
        for (Beside beside : Beside.values()) {
            long calls = 0;
            while (Schedule.run(Mistakes.NONE, beside, calls, new Sleeper(work, calls + 1))) {
                calls++;
            }
            assertTrue(calls > 8, work + " has only " + calls + " calls to sleep through");
            System.out.println(work + " slept before each of " + calls + " calls, beside " + beside);
        }
    }

    @Test
    void twoSleepersLoseNothing() {
        Random random = new Random(SEED);
        int pairs = campaign() ? 5_000 : 60;
        System.out.println(pairs + " pairs of sleepers, seed " + SEED);
        for (int i = 0; i < pairs; i++) {
            Beside beside = Beside.values()[random.nextInt(3)];
            Schedule.run(Mistakes.NONE, beside, random.nextLong(), sleeper(random), sleeper(random));
        }
    }

    private static Sleeper sleeper(Random random) {
        Work work = Work.values()[random.nextInt(3)];
        return new Sleeper(work, 1 + random.nextInt(work == Work.SWEEP ? 60 : 25));
    }

    static boolean campaign() {
        return List.of(System.getProperty("cairn.campaign", "").split(",", -1)).contains("fence");
    }
}
