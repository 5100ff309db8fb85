package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 9. */
class DependencyGateTest {

    @Test
    void allStagesAreUnreadyAtTheStart() {
        DependencyGate gate = DependencyGate.standard();
        assertFalse(gate.isReady());
        assertEquals(List.of("Sources", "Gateway", "Daemon", "UI"), gate.unready());
        gate.stages().forEach(stage -> assertFalse(gate.isReady(stage)));
    }

    @Test
    void theStandardOrderIsSourcesGatewayDaemonUi() {
        assertEquals(List.of("Sources", "Gateway", "Daemon", "UI"), DependencyGate.STANDARD_ORDER);
        assertEquals(DependencyGate.STANDARD_ORDER, DependencyGate.standard().stages());
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThatAreKnown() {
        DependencyGate gate = DependencyGate.of("a", "b");
        UnknownStageException refused = assertThrows(UnknownStageException.class, () -> gate.markReady("c"));
        assertEquals("c", refused.stage());
        assertEquals(List.of("a", "b"), refused.known());
        assertTrue(refused.getMessage().contains("Known stages are a, b"), refused.getMessage());
        assertThrows(UnknownStageException.class, () -> gate.markUnready("A"));
        assertThrows(UnknownStageException.class, () -> gate.isReady(""));
        assertThrows(UnknownStageException.class, () -> gate.unreadyBefore("c"));
        assertEquals(List.of("a", "b"), gate.unready());
    }

    @Test
    void unreadyDependenciesAreListedInTheOrderOfTheStart() {
        DependencyGate gate = DependencyGate.of("z", "y", "x", "w");
        gate.markReady("y");
        assertEquals(List.of("z", "x"), gate.unreadyBefore("w"));
        assertEquals(List.of("z"), gate.unreadyBefore("x"));
        assertEquals(List.of(), gate.unreadyBefore("z"));
        assertEquals("waiting for z, x, w", gate.toString());
    }

    @Test
    void aStageCanGoUnreadyAgain() {
        DependencyGate gate = DependencyGate.of("a", "b");
        gate.markReady("a");
        gate.markReady("b");
        assertTrue(gate.isReady());
        gate.markUnready("a");
        assertFalse(gate.isReady());
        assertEquals(List.of("a"), gate.unready());
        assertTrue(gate.isReady("b"));
    }

    @Test
    void anEmptyGateIsReady() {
        DependencyGate gate = DependencyGate.of();
        assertTrue(gate.isReady());
        assertEquals(List.of(), gate.unready());
        assertEquals("ready", gate.toString());
        assertThrows(UnknownStageException.class, () -> gate.markReady("a"));
    }

    @Test
    void blankAndRepeatedNamesAreRefused() {
        assertThrows(InvalidValueException.class, () -> DependencyGate.of("a", " "));
        InvalidValueException twice = assertThrows(InvalidValueException.class, () -> DependencyGate.of("a", "b", "a"));
        assertTrue(twice.getMessage().contains("'a'"), twice.getMessage());
    }

    @Test
    void whatManyThreadsSayAtOnceIsAllKept() throws Exception {
        int threads = 8;
        int each = 32;
        List<String> stages = IntStream.range(0, threads * each)
                .mapToObj(number -> "stage-" + number)
                .toList();
        DependencyGate gate = DependencyGate.of(stages);
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Thread> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread;
            Thread one = new Thread(() -> {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                for (int stage = first; stage < stages.size(); stage += threads) {
                    gate.markReady(stages.get(stage));
                }
            });
            one.start();
            running.add(one);
        }
        for (Thread one : running) {
            one.join();
        }
        assertEquals(List.of(), gate.unready());
    }

    /** The gate beside a sorted map from place to name that holds what is missing. */
    static final class Pair {
        static final List<String> NAMES = List.of("d", "a", "e", "b", "c");
        final DependencyGate gate = DependencyGate.of(NAMES);
        final TreeMap<Integer, String> missing = new TreeMap<>();

        Pair() {
            for (int place = 0; place < NAMES.size(); place++) {
                missing.put(place, NAMES.get(place));
            }
        }

        void agree() {
            assertEquals(List.copyOf(missing.values()), gate.unready());
            assertEquals(missing.isEmpty(), gate.isReady());
            for (int place = 0; place < NAMES.size(); place++) {
                assertEquals(List.copyOf(missing.headMap(place).values()), gate.unreadyBefore(NAMES.get(place)));
                assertEquals(!missing.containsKey(place), gate.isReady(NAMES.get(place)));
            }
        }
    }

    static final class Report implements Action.Independent<Pair> {
        private final boolean ready;

        Report(boolean ready) {
            this.ready = ready;
        }

        @Override
        public Arbitrary<Transformer<Pair>> transformer() {
            return Arbitraries.integers()
                    .between(0, Pair.NAMES.size() - 1)
                    .map(place -> Transformer.mutate((ready ? "ready " : "unready ") + place, pair -> {
                        if (ready) {
                            pair.gate.markReady(Pair.NAMES.get(place));
                            pair.missing.remove(place);
                        } else {
                            pair.gate.markUnready(Pair.NAMES.get(place));
                            pair.missing.put(place, Pair.NAMES.get(place));
                        }
                        pair.agree();
                    }));
        }
    }

    static final class AskForUnknown implements Action.Independent<Pair> {
        @Override
        public Arbitrary<Transformer<Pair>> transformer() {
            return Arbitraries.strings()
                    .alpha()
                    .ofLength(2)
                    .map(name -> Transformer.mutate("ask " + name, pair -> {
                        assertThrows(UnknownStageException.class, () -> pair.gate.markReady(name));
                        pair.agree();
                    }));
        }
    }

    @Provide
    Arbitrary<ActionChain<Pair>> reports() {
        return ActionChain.startWith(Pair::new)
                .withAction(4, new Report(true))
                .withAction(2, new Report(false))
                .withAction(1, new AskForUnknown());
    }

    @Property
    void theGateAgreesWithAModelAfterWhateverItIsTold(@ForAll("reports") ActionChain<Pair> chain) {
        chain.run();
    }
}
