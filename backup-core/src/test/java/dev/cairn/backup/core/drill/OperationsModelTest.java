package dev.cairn.backup.core.drill;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever an operator does, in whatever order, the invariants of the design hold after each step. */
class OperationsModelTest {

    @Property(tries = 60)
    void anySequenceOfOperationsKeepsTheInvariants(@ForAll("sequences") List<OperationsModel.Step> steps) {
        try (OperationsModel model = new OperationsModel()) {
            for (OperationsModel.Step step : steps) {
                model.take(step);
                model.check();
            }
        }
    }

    @Provide
    Arbitrary<List<OperationsModel.Step>> sequences() {
        Arbitrary<OperationsModel.Step> step = Combinators.combine(
                        Arbitraries.of(OperationsModel.Action.class),
                        Arbitraries.integers().between(0, 50))
                .as(OperationsModel.Step::new);
        return step.list().ofMinSize(3).ofMaxSize(14);
    }
}
