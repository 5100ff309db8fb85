package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.fail;

import dev.cairn.backup.core.packed.fence.Schedule.Beside;
import dev.cairn.backup.core.packed.fence.Schedule.Sleeper;
import dev.cairn.backup.core.packed.fence.Schedule.Work;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proof that the schedules of {@link SuspensionTest} see something: each step of the protocol that is left out costs a chunk in one of them. */
class MistakesTest {

    @ParameterizedTest
    @EnumSource(Mistakes.Kind.class)
    void aStepLeftOutIsNoticed(Mistakes.Kind mistake) {
        for (Beside beside : Beside.values()) {
            for (Work work : Work.values()) {
                try {
                    long calls = 0;
                    while (Schedule.run(mistake.mistakes(), beside, calls, new Sleeper(work, calls + 1))) {
                        calls++;
                    }
                } catch (AssertionError e) {
                    System.out.println(mistake + ": " + e.getMessage());
                    return;
                }
            }
        }
        fail(mistake + " is not noticed");
    }
}
