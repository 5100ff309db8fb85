package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;

/** The budget against a model in seconds that keeps everything and works only when it is asked; and against clocks that jump. */
class RestartBudgetModelTest {

    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
    private static final RandomGenerator MIDDLE = RestartPolicyTest.drawing(0.5);
    private static final int FIVE_MINUTES = 300;
    private static final int TEN_MINUTES = 600;

    /** Rules of BEHAVIOUR, agtmux 8, over a list of all failures since the history was last cleared. */
    static final class Model {
        final List<Integer> failures = new ArrayList<>();
        Integer up;
        Integer heldUntil;
        int holds;

        void succeeded(int at) {
            if (up == null) {
                up = at;
            }
        }

        RestartOutcome failed(int at) {
            boolean stable = up != null && at - up >= TEN_MINUTES;
            up = null;
            if (stable) {
                holds = 0;
            }
            if (stable || heldUntil != null && at >= heldUntil) {
                failures.clear();
                heldUntil = null;
            }
            if (heldUntil != null) {
                return new RestartOutcome.HoldDown(Duration.ofSeconds(heldUntil - at));
            }
            failures.add(at);
            if (failures.stream().filter(failure -> at - failure <= TEN_MINUTES).count() == 5) {
                heldUntil = at + FIVE_MINUTES;
                holds++;
                return new RestartOutcome.HoldDown(Duration.ofSeconds(FIVE_MINUTES));
            }
            double doubled = Math.pow(2, failures.size() - 1);
            return new RestartOutcome.RestartAfter(Duration.ofSeconds((long) Math.min(30, doubled)));
        }
    }

    static final class Service {
        final Model model = new Model();
        RestartBudget budget = RestartBudget.start();
        int now;

        Instant at(int seconds) {
            now += seconds;
            return T0.plusSeconds(now);
        }
    }

    private static Arbitrary<Integer> steps() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0, 130)),
                Tuple.of(2, Arbitraries.of(149, 150, 151, 299, 300, 301, 599, 600, 601)),
                Tuple.of(1, Arbitraries.integers().between(0, 5000)));
    }

    static final class Fails implements Action.Independent<Service> {
        @Override
        public Arbitrary<Transformer<Service>> transformer() {
            return steps().map(step -> Transformer.mutate("fails after " + step + " s", service -> {
                RestartBudget.Decision decision = service.budget.failed(service.at(step), MIDDLE);
                service.budget = decision.budget();
                assertEquals(service.model.failed(service.now), decision.outcome());
                assertEquals(service.model.holds, decision.budget().holdDowns());
                assertTrue(decision.budget().failures().size() <= 5);
            }));
        }
    }

    static final class Succeeds implements Action.Independent<Service> {
        @Override
        public Arbitrary<Transformer<Service>> transformer() {
            return steps().map(step -> Transformer.mutate("succeeds after " + step + " s", service -> {
                service.budget = service.budget.succeeded(service.at(step));
                service.model.succeeded(service.now);
            }));
        }
    }

    /** Looking at a budget at a later time, or storing it and reading it back, must decide nothing. */
    static final class IsLookedAt implements Action.Independent<Service> {
        @Override
        public Arbitrary<Transformer<Service>> transformer() {
            return steps().map(step -> Transformer.mutate("is looked at after " + step + " s", service -> {
                RestartBudget seen = service.budget.seenAt(service.at(step));
                service.budget = new RestartBudget(
                        seen.policy(),
                        new ArrayList<>(seen.failures()),
                        seen.streak(),
                        seen.upSince(),
                        seen.heldSince(),
                        seen.holdDowns());
                long left = service.model.heldUntil == null ? 0 : Math.max(0, service.model.heldUntil - service.now);
                boolean stable = service.model.up != null && service.now - service.model.up >= TEN_MINUTES;
                assertEquals(stable, seen.isStable(T0.plusSeconds(service.now)));
                assertEquals(Duration.ofSeconds(stable ? 0 : left), seen.holdDownLeft(T0.plusSeconds(service.now)));
            }));
        }
    }

    @Provide
    Arbitrary<ActionChain<Service>> lives() {
        return ActionChain.startWith(Service::new)
                .withAction(6, new Fails())
                .withAction(2, new Succeeds())
                .withAction(1, new IsLookedAt())
                .withMaxTransformations(60);
    }

    @Property
    void theBudgetAgreesWithAModelThatKeepsEverything(@ForAll("lives") ActionChain<Service> life) {
        life.run();
    }

    /** What a service does, and how the wall clock moves before: ahead, back, or far. */
    record Moment(boolean fails, long jump) {}

    @Provide
    Arbitrary<List<Moment>> jumpyLives() {
        Arbitrary<Long> jumps = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(0, 200)),
                Tuple.of(2, Arbitraries.longs().between(-1000, 1000)),
                Tuple.of(1, Arbitraries.longs().between(-3_000_000_000L, 3_000_000_000L)));
        return Combinators.combine(Arbitraries.of(true, true, true, false), jumps)
                .as(Moment::new)
                .list()
                .ofMaxSize(60);
    }

    @Property
    void whateverTheClockDoesNothingWaitsLongerThanItsRuleAndEveryHoldDownEnds(
            @ForAll("jumpyLives") List<Moment> life, @ForAll long seed) {
        Random random = new Random(seed);
        RestartBudget budget = RestartBudget.start();
        Instant now = T0;
        for (Moment moment : life) {
            now = now.plusSeconds(moment.jump());
            if (!moment.fails()) {
                budget = budget.succeeded(now);
                continue;
            }
            RestartBudget.Decision decision = budget.failed(now, random);
            budget = decision.budget();
            Duration wait = decision.outcome() instanceof RestartOutcome.RestartAfter restart
                    ? restart.delay()
                    : ((RestartOutcome.HoldDown) decision.outcome()).timeLeft();
            Duration most = decision.outcome() instanceof RestartOutcome.RestartAfter
                    ? Duration.ofSeconds(36)
                    : Duration.ofSeconds(FIVE_MINUTES);
            assertTrue(wait.toNanos() > 0 && wait.compareTo(most) <= 0, "waits " + wait);
            assertEquals(Duration.ZERO, budget.holdDownLeft(now.plus(wait)));
        }
    }

    @Property
    void fiveFailuresWithoutStableTimeBetweenThemHoldDownHoweverFarTheClockIsSetBack(
            @ForAll("setbacks") List<Long> back) {
        RestartBudget budget = RestartBudget.start();
        Instant now = T0;
        RestartBudget.Decision decision = budget.failed(now, MIDDLE);
        for (long seconds : back) {
            now = now.minusSeconds(seconds);
            decision = decision.budget().failed(now, MIDDLE);
        }
        assertEquals(new RestartOutcome.HoldDown(Duration.ofSeconds(FIVE_MINUTES)), decision.outcome());
    }

    @Provide
    Arbitrary<List<Long>> setbacks() {
        return Arbitraries.longs().between(0, 1_000_000_000L).list().ofSize(4);
    }
}
