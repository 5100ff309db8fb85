package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StartupSequenceTest {

    private static final List<String> NAMES = DependencyGate.STANDARD_ORDER;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** How a stage's start can go wrong, and whether it has to be stopped then. */
    enum Fault {
        START_THROWS(false),
        START_THROWS_AN_ERROR(false),
        START_HANGS(true),
        START_IS_INTERRUPTED(true),
        START_TAKES_TOO_LONG(true),
        PROBE_THROWS(true),
        PROBE_HANGS(true),
        NEVER_READY(true),
        READY_TOO_LATE(true),
        WAIT_IS_INTERRUPTED(true),
        DEPENDENCY_IS_LOST(false);

        final boolean stops;

        Fault(boolean stops) {
            this.stops = stops;
        }

        boolean interrupts() {
            return this == START_IS_INTERRUPTED || this == WAIT_IS_INTERRUPTED;
        }
    }

    /** A host in virtual time that writes down what it is asked to do. */
    private static final class Host {
        final VirtualTime time = new VirtualTime();
        final List<String> calls = new ArrayList<>();
        final List<String> failingStops = new ArrayList<>();
        int faultyPlace = -1;
        Fault fault = Fault.START_THROWS;
        final StartupSequence sequence = StartupSequence.of(
                IntStream.range(0, NAMES.size()).mapToObj(this::stage).toList(), time, this::pause, time.givingUp());

        private StartupStage stage(int place) {
            String name = NAMES.get(place);
            return StartupStage.of(name, () -> start(name, place))
                    .readyWhen(() -> ready(name, place))
                    .stoppedBy(() -> stop(name))
                    .within(TIMEOUT);
        }

        private void pause(Duration atMost) throws InterruptedException {
            if (at(faultyPlace, Fault.WAIT_IS_INTERRUPTED)) {
                throw new InterruptedException("the host's wait");
            }
            time.await(atMost);
        }

        private boolean at(int place, Fault what) {
            return place == faultyPlace && fault == what && place >= 0;
        }

        private void start(String name, int place) throws Exception {
            calls.add("start " + name);
            assertEquals(List.of(), sequence.gate().unreadyBefore(name));
            time.pass(Duration.ofSeconds(1));
            if (place == faultyPlace) {
                switch (fault) {
                    case START_THROWS -> throw new IllegalStateException("start of " + name);
                    case START_THROWS_AN_ERROR -> throw new NoClassDefFoundError(name);
                    case START_HANGS -> throw new VirtualTime.Hang();
                    case START_IS_INTERRUPTED -> throw new InterruptedException("start of " + name);
                    case START_TAKES_TOO_LONG -> time.pass(TIMEOUT);
                    default -> {}
                }
            }
        }

        private boolean ready(String name, int place) throws Exception {
            time.pass(Duration.ofMillis(1));
            if (place + 1 == faultyPlace && fault == Fault.DEPENDENCY_IS_LOST && place > 0) {
                sequence.gate().markUnready(NAMES.get(0));
            }
            if (place != faultyPlace) {
                return true;
            }
            switch (fault) {
                case PROBE_THROWS -> throw new IllegalStateException("probe of " + name);
                case PROBE_HANGS -> throw new VirtualTime.Hang();
                case READY_TOO_LATE -> time.pass(TIMEOUT);
                default -> {}
            }
            return fault == Fault.READY_TOO_LATE;
        }

        private void stop(String name) {
            calls.add("stop " + name);
            assertTrue(!sequence.gate().isReady(name));
            if (failingStops.contains(name)) {
                throw new IllegalStateException("stop of " + name);
            }
        }
    }

    private final Host host = new Host();

    @AfterEach
    void noInterruptIsLeft() {
        Thread.interrupted();
    }

    @Test
    void stagesStartInOrderAndStopInReverse() {
        StartupReport report = host.sequence.start();
        assertTrue(report.isReady());
        assertTrue(host.sequence.gate().isReady());
        StopReport stops = host.sequence.stop();
        assertEquals(
                List.of(
                        "start Sources",
                        "start Gateway",
                        "start Daemon",
                        "start UI",
                        "stop UI",
                        "stop Daemon",
                        "stop Gateway",
                        "stop Sources"),
                host.calls);
        assertEquals(List.of("UI", "Daemon", "Gateway", "Sources"), stops.stopped());
        assertEquals(NAMES, host.sequence.gate().unready());
    }

    @Test
    void theReportHoldsWhatEachStageTook() {
        StartupReport report = host.sequence.start();
        assertEquals(
                NAMES, report.stages().stream().map(StartupReport.Stage::name).toList());
        report.stages().forEach(stage -> assertEquals(Duration.ofMillis(1001), stage.elapsed()));
        assertEquals(Duration.ofMillis(4004), report.elapsed());
    }

    static Stream<Arguments> faultsAtEveryStage() {
        return IntStream.range(0, NAMES.size())
                .boxed()
                .flatMap(place -> EnumSet.allOf(Fault.class).stream()
                        // The first stage has no dependencies, and the second loses its only one at its own start.
                        .filter(fault -> fault != Fault.DEPENDENCY_IS_LOST || place > 1)
                        .flatMap(fault -> subsets(place + 1).map(stops -> Arguments.of(place, fault, stops))));
    }

    private static Stream<List<String>> subsets(int count) {
        return IntStream.range(0, 1 << count)
                .mapToObj(bits -> IntStream.range(0, count)
                        .filter(place -> (bits >> place & 1) == 1)
                        .mapToObj(NAMES::get)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("faultsAtEveryStage")
    void aFaultAtAnyStageStopsWhatWasStartedWhateverStopsFail(int place, Fault fault, List<String> failingStops) {
        host.faultyPlace = place;
        host.fault = fault;
        host.failingStops.addAll(failingStops);

        StartupFailedException failed = assertThrows(StartupFailedException.class, host.sequence::start);

        List<String> expected = new ArrayList<>();
        NAMES.subList(0, fault == Fault.DEPENDENCY_IS_LOST ? place : place + 1)
                .forEach(name -> expected.add("start " + name));
        List<String> toStop = new ArrayList<>(NAMES.subList(0, fault.stops ? place + 1 : place));
        Collections.reverse(toStop);
        toStop.forEach(name -> expected.add("stop " + name));
        assertEquals(expected, host.calls);

        assertEquals(NAMES.get(place), failed.stage());
        Set<String> failing = Set.copyOf(failingStops);
        assertEquals(
                toStop.stream().filter(name -> !failing.contains(name)).toList(),
                failed.stops().stopped());
        List<String> unstopped = toStop.stream().filter(failing::contains).toList();
        assertEquals(unstopped, failed.stops().unstopped());
        assertEquals(
                unstopped.stream().map(name -> "stop of " + name).toList(),
                Stream.of(failed.getSuppressed()).map(Throwable::getMessage).toList());
        assertEquals(NAMES, host.sequence.gate().unready());
        assertEquals(fault.interrupts(), Thread.interrupted());

        List<StartupReport.Stage> stages = failed.report().stages();
        for (int other = 0; other < NAMES.size(); other++) {
            Class<?> outcome = other < place
                    ? StartupReport.Outcome.Ready.class
                    : other == place ? outcomeOf(fault) : StartupReport.Outcome.NotReached.class;
            assertInstanceOf(outcome, stages.get(other).outcome(), stages.toString());
        }
        assertTrue(!failed.report().isReady());
    }

    private static Class<? extends StartupReport.Outcome> outcomeOf(Fault fault) {
        return switch (fault) {
            case START_THROWS, START_THROWS_AN_ERROR -> StartupReport.Outcome.StartFailed.class;
            case PROBE_THROWS -> StartupReport.Outcome.ProbeFailed.class;
            case START_IS_INTERRUPTED, WAIT_IS_INTERRUPTED -> StartupReport.Outcome.Interrupted.class;
            case START_HANGS, START_TAKES_TOO_LONG, PROBE_HANGS, NEVER_READY, READY_TOO_LATE, DEPENDENCY_IS_LOST ->
                StartupReport.Outcome.TimedOut.class;
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"START_HANGS", "PROBE_HANGS", "NEVER_READY", "START_TAKES_TOO_LONG"})
    void aStageTakesItsTimeoutAndNoMore(Fault fault) {
        host.faultyPlace = 1;
        host.fault = fault;
        StartupFailedException failed = assertThrows(StartupFailedException.class, host.sequence::start);
        assertTrue(failed.report().stages().get(1).elapsed().compareTo(TIMEOUT.plusMillis(1)) <= 0);
        assertTrue(failed.report().stages().get(1).elapsed().compareTo(TIMEOUT) >= 0);
        assertTrue(failed.getMessage().contains("PT10S"), failed.getMessage());
    }

    @Test
    void theFailureNamesTheStageTheReasonAndWhatWasStopped() {
        host.faultyPlace = 2;
        StartupFailedException failed = assertThrows(StartupFailedException.class, host.sequence::start);
        assertTrue(failed.getMessage().startsWith("Stage 'Daemon' failed to start"), failed.getMessage());
        assertTrue(failed.getMessage().contains("Stopped again: Gateway, Sources"), failed.getMessage());
        assertEquals("start of Daemon", failed.getCause().getMessage());
    }

    @Test
    void theFailureNamesWhatMayStillRun() {
        host.faultyPlace = 2;
        host.failingStops.add("Sources");
        StartupFailedException failed = assertThrows(StartupFailedException.class, host.sequence::start);
        assertTrue(failed.nextStep().contains("may still run: Sources"), failed.nextStep());
    }

    @Test
    void aTimeoutHasNoCauseAndSaysWhatWasWaitedFor() {
        host.faultyPlace = 3;
        host.fault = Fault.DEPENDENCY_IS_LOST;
        StartupFailedException failed = assertThrows(StartupFailedException.class, host.sequence::start);
        assertNull(failed.getCause());
        assertTrue(failed.getMessage().contains("its dependencies Sources"), failed.getMessage());
    }

    @Test
    void aSequenceThatFailedMayBeStartedAgain() {
        host.faultyPlace = 2;
        assertThrows(StartupFailedException.class, host.sequence::start);
        host.faultyPlace = -1;
        host.calls.clear();
        assertTrue(host.sequence.start().isReady());
        assertEquals(4, host.calls.size());
    }

    @Test
    void aSecondStartIsRefusedAndASecondStopDoesNothing() {
        host.sequence.start();
        assertThrows(BackupBusyException.class, host.sequence::start);
        assertEquals(4, host.calls.size());
        host.sequence.stop();
        assertEquals(List.of(), host.sequence.stop().stages());
        assertEquals(8, host.calls.size());
    }

    @Test
    void stoppingGoesOnAfterEveryKindOfFailure() {
        VirtualTime time = new VirtualTime();
        List<String> stopped = new ArrayList<>();
        StartupSequence sequence = StartupSequence.of(
                List.of(
                        StartupStage.of("last", () -> {}).stoppedBy(() -> stopped.add("last")),
                        StartupStage.of("interrupted", () -> {}).stoppedBy(() -> {
                            throw new InterruptedException();
                        }),
                        StartupStage.of("error", () -> {}).stoppedBy(() -> {
                            throw new StackOverflowError();
                        }),
                        StartupStage.of("hangs", () -> {}).within(TIMEOUT).stoppedBy(() -> {
                            throw new VirtualTime.Hang();
                        })),
                time,
                time,
                time.givingUp());
        sequence.start();
        StopReport report = sequence.stop();
        assertEquals(List.of("hangs", "error", "interrupted"), report.unstopped());
        assertEquals(List.of("last"), report.stopped());
        assertEquals(List.of("last"), stopped);
        assertEquals(
                new StopReport.Outcome.GivenUp(TIMEOUT), report.stages().get(0).outcome());
        assertEquals(TIMEOUT, report.elapsed());
        assertTrue(Thread.interrupted());
    }

    @Test
    void anInterruptThatCameBeforeDoesNotDisturbTheStops() {
        VirtualTime time = new VirtualTime();
        List<Boolean> flags = new ArrayList<>();
        StartupSequence sequence = StartupSequence.of(
                List.of(StartupStage.of("a", () -> {})
                        .stoppedBy(() -> flags.add(Thread.currentThread().isInterrupted()))),
                time,
                time,
                ActionRunner.onCallerThread());
        sequence.start();
        Thread.currentThread().interrupt();
        sequence.stop();
        assertEquals(List.of(false), flags);
        assertTrue(Thread.interrupted());
    }

    @Test
    void aStageThatIsReadyAtTheVeryEndOfItsTimeIsInTime() {
        assertTrue(oneStageReadyAfter(TIMEOUT).isReady());
        assertThrows(StartupFailedException.class, () -> oneStageReadyAfter(TIMEOUT.plusNanos(1)));
    }

    /** Nothing is given up there, so the stage itself comes back late. */
    @Test
    void onTheCallersThreadAStageThatIsReadyTooLateIsStoppedAgain() {
        for (boolean lateStart : new boolean[] {true, false}) {
            VirtualTime time = new VirtualTime();
            List<String> stopped = new ArrayList<>();
            StartupSequence sequence = StartupSequence.of(
                    List.of(StartupStage.of("a", () -> time.pass(lateStart ? TIMEOUT.plusNanos(1) : Duration.ZERO))
                            .readyWhen(() -> {
                                time.pass(lateStart ? Duration.ZERO : TIMEOUT.plusNanos(1));
                                return true;
                            })
                            .stoppedBy(() -> stopped.add("a"))
                            .within(TIMEOUT)),
                    time,
                    time,
                    ActionRunner.onCallerThread());
            StartupFailedException failed = assertThrows(StartupFailedException.class, sequence::start);
            assertEquals(
                    new StartupReport.Outcome.TimedOut(TIMEOUT, "its readiness"),
                    failed.report().stages().get(0).outcome());
            assertEquals(List.of("a"), stopped);
        }
    }

    private static StartupReport oneStageReadyAfter(Duration needed) {
        VirtualTime time = new VirtualTime();
        Deadline needs = Deadline.in(needed, time);
        return StartupSequence.of(
                        List.of(StartupStage.of("a", () -> {})
                                .readyWhen(() -> needs.left().isZero())
                                .within(TIMEOUT)),
                        time,
                        time,
                        ActionRunner.onCallerThread())
                .probingEvery(Duration.ofMillis(300))
                .start();
    }

    @Test
    void aDependencyThatComesBackInTimeIsWaitedFor() {
        VirtualTime time = new VirtualTime();
        List<StartupSequence> self = new ArrayList<>();
        List<Duration> waits = new ArrayList<>();
        StartupSequence sequence = StartupSequence.of(
                List.of(
                        StartupStage.of("a", () -> {}),
                        StartupStage.of("b", () -> self.get(0).gate().markUnready("a")),
                        StartupStage.of("c", () -> {}).within(TIMEOUT)),
                time,
                atMost -> {
                    waits.add(atMost);
                    time.await(atMost);
                    if (waits.size() == 3) {
                        self.get(0).gate().markReady("a");
                    }
                },
                ActionRunner.onCallerThread());
        self.add(sequence);
        assertTrue(sequence.start().isReady());
        assertEquals(3, waits.size());
    }

    @Test
    void anActionThatCallsItsOwnSequenceFailsItsStage() {
        VirtualTime time = new VirtualTime();
        List<StartupSequence> self = new ArrayList<>();
        StartupSequence sequence = StartupSequence.of(
                List.of(StartupStage.of("a", () -> self.get(0).stop())), time, time, ActionRunner.onCallerThread());
        self.add(sequence);
        StartupFailedException failed = assertThrows(StartupFailedException.class, sequence::start);
        assertInstanceOf(BackupBusyException.class, failed.getCause());
    }

    @Test
    void aWaiterThatThrowsIsAFailureLikeAnyOther() {
        VirtualTime time = new VirtualTime();
        IllegalStateException broken = new IllegalStateException("waiter");
        List<String> stopped = new ArrayList<>();
        StartupSequence sequence = StartupSequence.of(
                List.of(StartupStage.of("a", () -> {}).readyWhen(() -> false).stoppedBy(() -> stopped.add("a"))),
                time,
                atMost -> {
                    throw broken;
                },
                ActionRunner.onCallerThread());
        assertSame(
                broken,
                assertThrows(StartupFailedException.class, sequence::start).getCause());
        assertEquals(List.of("a"), stopped);
    }

    @Test
    void anEmptySequenceIsReady() {
        VirtualTime time = new VirtualTime();
        assertTrue(StartupSequence.of(List.of(), time, time, ActionRunner.onCallerThread())
                .start()
                .isReady());
    }

    @Test
    void whatCannotBeIsRefused() {
        VirtualTime time = new VirtualTime();
        StartupStage stage = StartupStage.of("a", () -> {});
        List<StartupStage> twice = List.of(stage, stage);
        assertThrows(
                InvalidValueException.class,
                () -> StartupSequence.of(twice, time, time, ActionRunner.onCallerThread()));
        assertThrows(InvalidValueException.class, () -> StartupStage.of(" ", () -> {}));
        assertThrows(InvalidValueException.class, () -> stage.within(Duration.ZERO));
        assertThrows(InvalidValueException.class, () -> stage.within(Duration.ofDays(2)));
        StartupSequence sequence = StartupSequence.of(List.of(stage), time, time, ActionRunner.onCallerThread());
        assertThrows(InvalidValueException.class, () -> sequence.probingEvery(Duration.ZERO));
    }
}
