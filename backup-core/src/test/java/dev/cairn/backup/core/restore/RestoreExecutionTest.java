package dev.cairn.backup.core.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.RestoreCallback;
import dev.cairn.backup.RestoreCheck;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestoreHooks;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.InOrder;

/** Invariant 6: after a restore ends, the host's state is all old or all new. */
class RestoreExecutionTest {

    /** Every step of a restore that succeeds, one number each, and a few beyond for what undoing adds. */
    static LongStream everyStep() {
        Steps steps = Steps.harmless();
        new World().restore(steps);
        return LongStream.rangeClosed(1, steps.seen().size());
    }

    @Test
    void aRestoreThatSucceedsIsAllNewAndLeavesNothingPending() {
        World world = new World();
        RestoreExecution.Done done = world.restore(Steps.harmless());
        assertEquals("new", world.age());
        assertTrue(world.nothingStaged());
        assertTrue(world.nothingPending());
        assertEquals(
                List.of("stage", "before-hook", "swap", "after-hook", "callbacks", "checks"),
                List.copyOf(done.steps().keySet()));
        assertEquals(new TimelineEpoch(2), world.epoch());
        assertTrue(world.start(Steps.harmless()).nothingPending());
        assertEquals("new", world.age());
        assertEquals(
                new TimelineEpoch(3),
                world.epoch(),
                "nobody can know whether the host ran in 2 after an undone restore");
    }

    @Test
    void theStepsThatAreMadeToFailCoverTheWholeRestore() {
        Steps steps = Steps.harmless();
        new World().restore(steps);
        for (String expected : List.of(
                "state PUT restores/restore-1/intent",
                "left stage",
                "before-hook",
                "memory handed new",
                "state PUT epoch/0000000000000000001",
                "cursors handed TimelineEpoch[number=2]",
                "left swap: put aside",
                "right swap: make live",
                "after-hook",
                "callback 2",
                "check",
                "state PUT restores/restore-1/outcome",
                "right finish",
                "state PUT restores/restore-1/ended")) {
            assertTrue(steps.seen().contains(expected), expected + " is not among " + steps.seen());
        }
    }

    @ParameterizedTest
    @MethodSource("everyStep")
    void aFailureAtAnyStepEndsAllOldOrAllNewOrIsRecovered(long step) {
        World world = new World();
        Steps steps = Steps.failingAt(step);
        String expected;
        try {
            world.restore(steps);
            expected = "new";
        } catch (RestoreFailedException e) {
            expected = "old";
            if (e.rolledBack()) {
                assertEquals("old", world.age(), () -> "rolled back after a failure at " + steps.hit());
            }
        } catch (BackupException e) {
            expected = "old";
            assertEquals("old", world.age(), () -> "nothing was changed before " + steps.hit());
        }
        assertRecovers(world, expected, "a failure at " + steps.hit());
    }

    @ParameterizedTest
    @MethodSource("everyStep")
    void aCrashAtAnyStepIsRecovered(long step) {
        World world = new World();
        Steps steps = Steps.crashingAt(step);
        assertThrows(Throwable.class, () -> world.restore(steps)); // A process that has died says nothing more.
        boolean done = world.state()
                .stat(dev.cairn.backup.spi.BlobName.of("restores/restore-1/outcome"))
                .filter(outcome -> outcome.size() > 0)
                .isPresent();
        boolean ended = world.state()
                .stat(dev.cairn.backup.spi.BlobName.of("restores/restore-1/ended"))
                .isPresent();
        assertRecovers(world, done || ended ? "new" : "old", "a crash at " + steps.hit());
    }

    /** The restore fails, and while it is undone the process dies, at each step of the undoing. */
    @ParameterizedTest
    @MethodSource("everyStep")
    void aCrashWhileAFailureIsUndoneIsRecovered(long step) {
        for (long crash = step + 1; crash < step + 60; crash++) {
            World world = new World();
            Steps fails = Steps.failingAt(step);
            Steps crashes = Steps.crashingAt(crash);
            FaultyBlobStore store = world.watchedState();
            List<Steps> both = List.of(fails, crashes);
            boolean crashed = false;
            try {
                world.restore(both(both), store, new CancellationToken());
            } catch (Steps.Crash e) {
                crashed = true;
            } catch (BackupException e) {
                // It failed, as it was asked to; or it died while it was undone, which its last words tell.
                crashed = e instanceof RestoreFailedException failed && !failed.rolledBack();
            }
            String expected = world.state()
                            .stat(dev.cairn.backup.spi.BlobName.of("restores/restore-1/outcome"))
                            .filter(outcome -> outcome.size() > 0)
                            .isPresent()
                    ? "new"
                    : world.age().equals("new") && world.nothingPending() ? "new" : "old";
            assertRecovers(world, expected, fails.hit() + " failed, then " + crashes.hit() + " crashed");
            if (!crashed) {
                return;
            }
        }
    }

    private static Steps both(List<Steps> several) {
        return several.get(1).after(several.get(0));
    }

    /** Recovery is itself interrupted at every step, by a failure and by a crash, and run again. */
    @ParameterizedTest
    @MethodSource("everyStep")
    void aRecoveryThatIsInterruptedAnywhereIsRunAgain(long step) {
        for (boolean crash : new boolean[] {true, false}) {
            for (long second = 1; second < 80; second++) {
                World world = new World();
                Steps first = Steps.crashingAt(step);
                assertThrows(Throwable.class, () -> world.restore(first));
                Steps interrupted = crash ? Steps.crashingAt(second) : Steps.failingAt(second);
                boolean survived = world.startSurvives(interrupted);
                String when = first.hit() + ", then recovery at " + interrupted.hit();
                world.start(Steps.harmless());
                assertTrue(List.of("old", "new").contains(world.age()), () -> when + ": " + world.age());
                assertTrue(world.nothingPending(), when);
                if (survived && !interrupted.reached()) {
                    break;
                }
            }
        }
    }

    private static void assertRecovers(World world, String expected, String when) {
        world.start(Steps.harmless());
        assertEquals(expected, world.age(), () -> "after " + when);
        assertTrue(world.nothingStaged(), () -> "something stays staged after " + when);
        assertTrue(world.nothingPending(), () -> "pending after " + when);
        world.restore(Steps.harmless());
        assertEquals("new", world.age(), () -> "a restore works again after " + when);
    }

    static Stream<List<Object>> everyTear() {
        List<List<Object>> all = new ArrayList<>();
        FaultyBlobStore counting = new World().watchedState();
        new World().restore(Steps.harmless(), counting, new CancellationToken());
        for (FaultyBlobStore.Tear tear : FaultyBlobStore.Tear.values()) {
            for (long put = 1; put <= 9; put++) {
                all.add(List.of(tear, put));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everyTear")
    void aPutIntoTheStateStoreWhoseAnswerIsLostIsRecovered(List<Object> tearAndPut) {
        World world = new World();
        FaultyBlobStore store = world.watchedState();
        store.tearAt((long) tearAndPut.get(1), (FaultyBlobStore.Tear) tearAndPut.get(0));
        boolean rolledBack = false;
        boolean succeeded = false;
        try {
            world.restore(Steps.harmless(), store, new CancellationToken());
            succeeded = true;
        } catch (RestoreFailedException e) {
            rolledBack = e.rolledBack();
        } catch (BackupException e) {
            rolledBack = true;
        }
        if (succeeded || rolledBack) {
            assertEquals(succeeded ? "new" : "old", world.age(), tearAndPut.toString());
        }
        String before = world.age();
        world.start(Steps.harmless());
        assertTrue(List.of("old", "new").contains(world.age()), () -> tearAndPut + ": " + world.age());
        if (succeeded || rolledBack) {
            assertEquals(before, world.age(), () -> tearAndPut + ": recovery changes nothing that had ended");
        }
        assertTrue(world.nothingPending());
    }

    private final Runnable before = mock(Runnable.class, "before");
    private final Runnable after = mock(Runnable.class, "after");
    private final RestoreCallback callback = mock(RestoreCallback.class, "callback");
    private final RestoreCheck.Test check = mock(RestoreCheck.Test.class, "check");
    private final World world = new World();

    private RestoreExecution.Done restoreWithMocks() {
        return world.restore(
                new RestoreExecution.HostSide(
                        new RestoreHooks(before, after),
                        List.of(callback),
                        List.of(new RestoreCheck("question", check))),
                world.watchedState(),
                new CancellationToken());
    }

    @Test
    void theHostIsCalledInOrder() throws Exception {
        org.mockito.Mockito.when(check.passes(any())).thenReturn(true);
        restoreWithMocks();
        InOrder order = inOrder(before, after, callback, check);
        order.verify(before).run();
        order.verify(after).run();
        order.verify(callback).onRestored(any());
        order.verify(check).passes(any());
        order.verifyNoMoreInteractions();
    }

    @Test
    void whenTheBeforeHookThrowsNothingIsChangedAndTheAfterHookIsCalled() {
        doThrow(new IllegalStateException("pool busy")).when(before).run();
        RestoreFailedException thrown = assertThrows(RestoreFailedException.class, this::restoreWithMocks);
        assertTrue(thrown.rolledBack());
        assertTrue(thrown.getMessage().contains("pool busy"), thrown.getMessage());
        verify(after).run();
        verify(callback, never()).onRestored(any());
        assertEquals("old", world.age());
        assertTrue(world.nothingStaged());
    }

    @Test
    void whenTheAfterHookThrowsTheHostLetsGoAgainAndTakesTheOldDataUp() {
        doThrow(new IllegalStateException("cannot open"))
                .doNothing()
                .when(after)
                .run();
        RestoreFailedException thrown = assertThrows(RestoreFailedException.class, this::restoreWithMocks);
        assertTrue(thrown.rolledBack());
        verify(before, times(2)).run();
        verify(after, times(2)).run();
        assertEquals("old", world.age());
    }

    @Test
    void whenACallbackThrowsItIsNotCalledAgain() {
        doThrow(new IllegalStateException("replay failed")).when(callback).onRestored(any());
        assertThrows(RestoreFailedException.class, this::restoreWithMocks);
        verify(callback).onRestored(any());
        verify(before, times(2)).run();
        verify(after, times(2)).run();
        assertEquals("old", world.age());
    }

    @Test
    void aCheckThatAnswersNoRollsBackAndIsNamed() throws Exception {
        org.mockito.Mockito.when(check.passes(any())).thenReturn(false);
        RestoreFailedException thrown = assertThrows(RestoreFailedException.class, this::restoreWithMocks);
        assertTrue(thrown.rolledBack() && thrown.getMessage().contains("'question'"), thrown.getMessage());
        assertEquals("old", world.age());
    }

    @Test
    void aCheckThatIsInterruptedKeepsTheFlag() throws Exception {
        org.mockito.Mockito.when(check.passes(any())).thenThrow(new InterruptedException("stop"));
        try {
            assertThrows(RestoreFailedException.class, this::restoreWithMocks);
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertEquals("old", world.age());
    }

    @Test
    void anAfterHookThatFailsOnceAllIsUndoneDoesNotHideTheCause() {
        doThrow(new IllegalStateException("pool busy")).when(before).run();
        doThrow(new IllegalStateException("cannot open")).when(after).run();
        RestoreFailedException thrown = assertThrows(RestoreFailedException.class, this::restoreWithMocks);
        assertTrue(thrown.getMessage().contains("pool busy"), thrown.getMessage());
        assertTrue(thrown.rolledBack());
        assertEquals("old", world.age());
    }

    @Test
    void aCancelledRestoreStagesNothingAndCallsNobody() {
        CancellationToken token = new CancellationToken();
        token.cancel();
        BackupException thrown =
                assertThrows(BackupException.class, () -> world.restore(Steps.harmless(), world.watchedState(), token));
        assertInstanceOf(BackupCancelledException.class, thrown);
        assertEquals("old", world.age());
        assertTrue(world.nothingStaged());
        assertTrue(world.nothingPending());
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyBlobStore.Operation.class,
            names = {"PUT", "STAT", "LIST", "CHILDREN", "DELETE"})
    void aStateStoreThatGoesAwayInTheMiddleIsRecoveredWhenItIsBack(FaultyBlobStore.Operation operation) {
        for (long number = 1; number < 30; number++) {
            World each = new World();
            FaultyBlobStore store = each.watchedState();
            long from = number;
            store.onCall(call -> {
                if (call.operation() == operation && call.ofOperation() >= from) {
                    store.failFrom(call.number());
                }
            });
            boolean ended = true;
            try {
                each.restore(Steps.harmless(), store, new CancellationToken());
            } catch (BackupException e) {
                ended = false;
            }
            each.start(Steps.harmless());
            assertTrue(List.of("old", "new").contains(each.age()), () -> operation + " " + from + ": " + each.age());
            assertFalse(ended && !each.age().equals("new"), "a restore that returned is new");
        }
    }
}
