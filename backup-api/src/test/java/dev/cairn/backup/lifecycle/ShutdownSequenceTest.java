package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShutdownSequenceTest {

    private static final Duration BUDGET = Duration.ofSeconds(8);
    private static final ShutdownReport TAKEN = report(ShutdownReport.Outcome.COMPLETE, "");

    /** How a phase goes. */
    enum Course {
        WELL,
        THROWS,
        THROWS_AN_ERROR,
        IS_INTERRUPTED,
        HANGS,
        TAKES_TOO_LONG
    }

    private static ShutdownReport report(ShutdownReport.Outcome outcome, String detail) {
        return new ShutdownReport(
                outcome,
                outcome == ShutdownReport.Outcome.COMPLETE ? Optional.of(SnapshotId.of("snap-9")) : Optional.empty(),
                detail,
                Instant.EPOCH,
                Duration.ofSeconds(1));
    }

    /** A host in virtual time whose phases go as they are told and write down their names. */
    private static final class Host {
        final VirtualTime time = new VirtualTime();
        final List<ShutdownPhase> ran = new ArrayList<>();
        final Map<ShutdownPhase, Course> courses = new EnumMap<>(ShutdownPhase.class);

        ShutdownSequence sequence(ActionRunner runner) {
            return ShutdownSequence.within(BUDGET, time, runner)
                    .refuseNewWork(() -> phase(ShutdownPhase.REFUSE_NEW_WORK))
                    .pauseIntake(() -> phase(ShutdownPhase.PAUSE_INTAKE))
                    .drain(deadline -> {
                        phase(ShutdownPhase.DRAIN);
                        return 0;
                    })
                    .commit(() -> phase(ShutdownPhase.COMMIT))
                    .snapshot(left -> {
                        try {
                            phase(ShutdownPhase.SNAPSHOT);
                        } catch (Exception e) {
                            throw sneaky(e);
                        }
                        return TAKEN;
                    })
                    .closeStores(() -> phase(ShutdownPhase.CLOSE_STORES))
                    .build();
        }

        private void phase(ShutdownPhase phase) throws Exception {
            ran.add(phase);
            time.pass(Duration.ofMillis(10));
            switch (courses.getOrDefault(phase, Course.WELL)) {
                case WELL -> {}
                case THROWS -> throw new IllegalStateException(phase.name());
                case THROWS_AN_ERROR -> throw new StackOverflowError();
                case IS_INTERRUPTED -> throw new InterruptedException();
                case HANGS -> throw new VirtualTime.Hang();
                case TAKES_TOO_LONG -> time.pass(BUDGET);
            }
        }

        @SuppressWarnings("unchecked")
        private static <E extends Exception> E sneaky(Exception e) throws E {
            throw (E) e;
        }
    }

    @AfterEach
    void noInterruptIsLeft() {
        Thread.interrupted();
    }

    @Test
    void thePhasesRunInOrder() {
        Host host = new Host();
        ShutdownRecord record = host.sequence(host.time.givingUp()).run();
        assertEquals(List.of(ShutdownPhase.values()), host.ran);
        assertTrue(record.isComplete());
        assertEquals(Optional.of(TAKEN), record.snapshot());
        assertEquals(Duration.ofMillis(60), record.elapsed());
        assertEquals(BUDGET, record.budget());
        record.phases().forEach(phase -> assertEquals(Duration.ofMillis(10), phase.elapsed()));
    }

    /** Five to the sixth: every way in which the phases can go together. An exception is like an error here. */
    @Test
    void howeverThePhasesGoTogetherEachHasItsTurnItsReserveAndItsOutcome() {
        Course[] courses = EnumSet.complementOf(EnumSet.of(Course.THROWS)).toArray(Course[]::new);
        ShutdownPhase[] phases = ShutdownPhase.values();
        int combinations = (int) Math.pow(courses.length, phases.length);
        for (int number = 0; number < combinations; number++) {
            Host host = new Host();
            int rest = number;
            for (ShutdownPhase phase : phases) {
                host.courses.put(phase, courses[rest % courses.length]);
                rest /= courses.length;
            }
            ShutdownSequence sequence = host.sequence(host.time.givingUp());
            ShutdownRecord record = sequence.run();

            // Only the drain has nothing reserved: two phases before it that use up what is free leave it none.
            boolean drained = host.ran.contains(ShutdownPhase.DRAIN);
            assertEquals(
                    Arrays.stream(phases)
                            .filter(phase -> drained || phase != ShutdownPhase.DRAIN)
                            .toList(),
                    host.ran);
            assertEquals(!drained, record.outcome(ShutdownPhase.DRAIN).orElseThrow() instanceof PhaseOutcome.Skipped);
            assertTrue(record.elapsed().compareTo(BUDGET) <= 0, () -> host.courses + " took " + record.elapsed());
            for (ShutdownRecord.Phase ran : record.phases()) {
                Course course = host.courses.get(ran.phase());
                boolean skipped = ran.phase() == ShutdownPhase.DRAIN && !drained;
                assertEquals(
                        skipped ? PhaseOutcome.Skipped.class : outcomeOf(course),
                        ran.outcome().getClass(),
                        host.courses::toString);
                Duration reserve = sequence.reserves().reserve(ran.phase());
                assertTrue(ran.allowed().compareTo(reserve) >= 0, () -> host.courses + ": " + ran);
                assertTrue(ran.elapsed().compareTo(ran.allowed()) <= 0, () -> host.courses + ": " + ran);
            }
            assertEquals(
                    host.ran.stream().anyMatch(phase -> host.courses.get(phase) == Course.IS_INTERRUPTED),
                    Thread.interrupted());
        }
    }

    private static Class<? extends PhaseOutcome> outcomeOf(Course course) {
        return course == Course.WELL ? PhaseOutcome.Done.class : PhaseOutcome.Failed.class;
    }

    @ParameterizedTest
    @EnumSource(ShutdownPhase.class)
    void aPhaseThatThrowsIsReportedWithWhatItThrew(ShutdownPhase phase) {
        Host host = new Host();
        host.courses.put(phase, Course.THROWS);
        ShutdownRecord record = host.sequence(host.time.givingUp()).run();
        assertEquals(List.of(ShutdownPhase.values()), host.ran);
        PhaseOutcome.Failed failed = assertInstanceOf(
                PhaseOutcome.Failed.class, record.outcome(phase).orElseThrow());
        assertEquals(phase.name(), failed.cause().orElseThrow().getMessage());
        assertTrue(failed.why().contains(phase.name()), failed.why());
        assertTrue(!record.isComplete());
    }

    @Test
    void aDrainIsLeftNoTimeOnlyWhenThePhasesBeforeItUsedUpWhatIsFree() {
        Host host = new Host();
        host.courses.put(ShutdownPhase.REFUSE_NEW_WORK, Course.HANGS);
        host.courses.put(ShutdownPhase.PAUSE_INTAKE, Course.HANGS);
        ShutdownRecord record = host.sequence(host.time.givingUp()).run();
        PhaseOutcome.Skipped skipped = assertInstanceOf(
                PhaseOutcome.Skipped.class, record.outcome(ShutdownPhase.DRAIN).orElseThrow());
        assertTrue(skipped.why().contains("PT8S"), skipped.why());
        assertEquals(Optional.of(TAKEN), record.snapshot());
    }

    /** On the caller's thread nothing is given up: what overran takes from those that may be skipped, and from no other. */
    @Test
    void onTheCallersThreadAPhaseThatOverrunsHasThoseSkippedThatMayBe() {
        for (ShutdownPhase slow : ShutdownPhase.values()) {
            Host host = new Host();
            host.courses.put(slow, Course.TAKES_TOO_LONG);
            ShutdownRecord record = host.sequence(ActionRunner.onCallerThread()).run();
            List<ShutdownPhase> expected = Arrays.stream(ShutdownPhase.values())
                    .filter(phase -> phase.compareTo(slow) <= 0 || phase.isAlwaysRun())
                    .toList();
            assertEquals(expected, host.ran);
            for (ShutdownRecord.Phase phase : record.phases()) {
                Class<?> outcome =
                        expected.contains(phase.phase()) ? PhaseOutcome.Done.class : PhaseOutcome.Skipped.class;
                assertInstanceOf(outcome, phase.outcome(), record.toString());
            }
        }
    }

    @Test
    void storesAreAlwaysClosedAndNewWorkAlwaysRefused() {
        assertEquals(
                List.of(ShutdownPhase.REFUSE_NEW_WORK, ShutdownPhase.PAUSE_INTAKE, ShutdownPhase.CLOSE_STORES),
                Arrays.stream(ShutdownPhase.values())
                        .filter(ShutdownPhase::isAlwaysRun)
                        .toList());
    }

    @Test
    void theDrainStopsWhereTheReservesBeginAndSaysHowMuchIsLeft() {
        VirtualTime time = new VirtualTime();
        List<Duration> snapshotHad = new ArrayList<>();
        ShutdownRecord record = ShutdownSequence.within(BUDGET, time, time.givingUp())
                .drain(deadline -> {
                    long queued = 100;
                    while (queued > 0 && deadline.left().compareTo(Duration.ofMillis(100)) >= 0) {
                        time.pass(Duration.ofMillis(100));
                        queued--;
                    }
                    return queued;
                })
                .snapshot(left -> {
                    snapshotHad.add(left);
                    return TAKEN;
                })
                .build()
                .run();
        // 8 s less a tenth for the commit, half for the snapshot and a tenth for closing: 2.4 s, 24 pieces of 100 ms.
        assertEquals(Optional.of(new PhaseOutcome.Partly(76)), record.outcome(ShutdownPhase.DRAIN));
        // What the commit, which this host does not have, would have used is the snapshot's.
        assertEquals(List.of(Duration.ofMillis(4800)), snapshotHad);
        assertEquals(Optional.empty(), record.outcome(ShutdownPhase.COMMIT));
        assertTrue(!record.isComplete());
    }

    @Test
    void whatTheFirstPhasesLeaveIsForTheLaterOnes() {
        VirtualTime time = new VirtualTime();
        ShutdownSequence sequence = ShutdownSequence.within(BUDGET, time, time.givingUp())
                .reserve(ShutdownPhase.SNAPSHOT, Duration.ofSeconds(1))
                .snapshot(left -> TAKEN)
                .build();
        assertEquals(
                BUDGET.minus(Duration.ofMillis(800)),
                sequence.run().phases().get(0).allowed());
    }

    @ParameterizedTest
    @EnumSource(ShutdownReport.Outcome.class)
    void theSnapshotsOwnReportDecidesItsOutcome(ShutdownReport.Outcome outcome) {
        VirtualTime time = new VirtualTime();
        ShutdownReport report = report(outcome, "since it is so");
        ShutdownRecord record = ShutdownSequence.within(BUDGET, time, time.givingUp())
                .snapshot(left -> report)
                .build()
                .run();
        PhaseOutcome expected = switch (outcome) {
            case COMPLETE -> new PhaseOutcome.Done();
            case SKIPPED -> new PhaseOutcome.Skipped("since it is so");
            case FAILED -> new PhaseOutcome.Failed("since it is so", Optional.empty());
        };
        assertEquals(Optional.of(expected), record.outcome(ShutdownPhase.SNAPSHOT));
        assertEquals(Optional.of(report), record.snapshot());
    }

    @Test
    void everyStoreIsClosedWhateverTheOthersThrow() {
        VirtualTime time = new VirtualTime();
        List<String> closed = new ArrayList<>();
        IllegalStateException first = new IllegalStateException("first");
        ShutdownRecord record = ShutdownSequence.within(BUDGET, time, time.givingUp())
                .closeStores(
                        () -> {
                            throw first;
                        },
                        () -> closed.add("b"),
                        () -> {
                            throw new StackOverflowError("third");
                        },
                        () -> closed.add("d"))
                .build()
                .run();
        assertEquals(List.of("b", "d"), closed);
        PhaseOutcome.Failed failed = assertInstanceOf(
                PhaseOutcome.Failed.class,
                record.outcome(ShutdownPhase.CLOSE_STORES).orElseThrow());
        assertSame(first, failed.cause().orElseThrow());
        assertEquals("third", first.getSuppressed()[0].getMessage());
        assertTrue(failed.why().startsWith("2 of 4 stores"), failed.why());
    }

    @Test
    void aSecondRunAndCloseAnswerTheFirstRecord() {
        Host host = new Host();
        ShutdownSequence sequence = host.sequence(host.time.givingUp());
        assertEquals(Optional.empty(), sequence.ended());
        ShutdownRecord record = sequence.run();
        assertSame(record, sequence.run());
        sequence.close();
        assertSame(record, sequence.ended().orElseThrow());
        assertEquals(6, host.ran.size());
    }

    @Test
    void aHostThatIsAutoCloseableClosesWithIt() {
        Host host = new Host();
        try (ShutdownSequence sequence = host.sequence(host.time.givingUp())) {
            assertEquals(Optional.empty(), sequence.ended());
        }
        assertEquals(6, host.ran.size());
    }

    @Test
    void whoeverAsksWhileItRunsGetsTheSameRecord() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Host host = new Host();
            List<CompletableFuture<ShutdownRecord>> others = new ArrayList<>();
            CountDownLatch asked = new CountDownLatch(4);
            List<ShutdownSequence> self = new ArrayList<>();
            self.add(ShutdownSequence.within(BUDGET, host.time, ActionRunner.onCallerThread())
                    .drain(deadline -> {
                        host.ran.add(ShutdownPhase.DRAIN);
                        for (int count = 0; count < 4; count++) {
                            others.add(CompletableFuture.supplyAsync(
                                    () -> {
                                        asked.countDown();
                                        return self.get(0).run();
                                    },
                                    threads));
                        }
                        asked.await();
                        return 0;
                    })
                    .build());
            ShutdownRecord record = self.get(0).run();
            for (CompletableFuture<ShutdownRecord> other : others) {
                assertSame(record, other.get(1, TimeUnit.MINUTES));
            }
            assertEquals(List.of(ShutdownPhase.DRAIN), host.ran);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aPhaseThatClosesItsHostDoesNoHarmOnEitherRunner() {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (ActionRunner runner : List.of(ActionRunner.onCallerThread(), ActionRunner.on(threads))) {
                List<ShutdownSequence> self = new ArrayList<>();
                List<Class<?>> refused = new ArrayList<>();
                self.add(ShutdownSequence.within(Duration.ofHours(1), System::nanoTime, runner)
                        .commit(() -> refused.add(assertThrows(
                                        BackupBusyException.class,
                                        () -> self.get(0).run())
                                .getClass()))
                        .closeStores(() -> self.get(0).close())
                        .build());
                assertTrue(self.get(0).run().isComplete());
                assertEquals(1, refused.size());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aPhaseThatHangsOnARealThreadIsGivenUpAndTheStoresAreClosed() {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<String> closed = new ArrayList<>();
            CountDownLatch never = new CountDownLatch(1);
            // Its time stands still, so that none of it is lost to threads that come late; the drain's share is waited
            // for.
            ShutdownRecord record = ShutdownSequence.within(
                            Duration.ofSeconds(20), new VirtualTime(), ActionRunner.on(threads))
                    .reserve(ShutdownPhase.COMMIT, Duration.ZERO)
                    .reserve(ShutdownPhase.REFUSE_NEW_WORK, Duration.ZERO)
                    .reserve(ShutdownPhase.PAUSE_INTAKE, Duration.ZERO)
                    .reserve(ShutdownPhase.SNAPSHOT, Duration.ofMillis(17_500))
                    .drain(deadline -> {
                        never.await();
                        return 0;
                    })
                    .closeStores(() -> closed.add("store"))
                    .build()
                    .run();
            PhaseOutcome.Failed drain = assertInstanceOf(
                    PhaseOutcome.Failed.class,
                    record.outcome(ShutdownPhase.DRAIN).orElseThrow());
            assertTrue(drain.why().contains("given up"), drain.why());
            assertEquals(List.of("store"), closed);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anInterruptThatCameBeforeDoesNotDisturbThePhasesAndIsKept() {
        Host host = new Host();
        List<Boolean> flags = new ArrayList<>();
        ShutdownSequence sequence = ShutdownSequence.within(BUDGET, host.time, ActionRunner.onCallerThread())
                .commit(() -> flags.add(Thread.currentThread().isInterrupted()))
                .build();
        Thread.currentThread().interrupt();
        sequence.run();
        assertEquals(List.of(false), flags);
        assertTrue(Thread.interrupted());
    }

    @Test
    void aRunnerThatRunsNothingIsReportedAsAFailure() {
        ShutdownRecord record = ShutdownSequence.within(BUDGET, new VirtualTime(), (action, atMost) -> true)
                .commit(() -> {})
                .build()
                .run();
        assertInstanceOf(
                PhaseOutcome.Failed.class, record.outcome(ShutdownPhase.COMMIT).orElseThrow());
    }

    @Test
    void aHostWithoutPhasesIsDownAtOnce() {
        ShutdownRecord record = ShutdownSequence.within(BUDGET, new VirtualTime(), ActionRunner.onCallerThread())
                .build()
                .run();
        assertTrue(record.isComplete());
        assertEquals(List.of(), record.phases());
        assertEquals(Optional.empty(), record.snapshot());
    }

    @Test
    void whatCannotBeIsRefused() {
        ShutdownSequenceBuilder builder = ShutdownSequence.within(
                        BUDGET, new VirtualTime(), ActionRunner.onCallerThread())
                .commit(() -> {});
        assertThrows(InvalidValueException.class, () -> builder.commit(() -> {}));
        assertThrows(InvalidValueException.class, () -> builder.reserve(ShutdownPhase.SNAPSHOT, BUDGET));
        assertThrows(
                InvalidValueException.class,
                () -> ShutdownSequence.within(Duration.ZERO, new VirtualTime(), ActionRunner.onCallerThread()));
    }
}
