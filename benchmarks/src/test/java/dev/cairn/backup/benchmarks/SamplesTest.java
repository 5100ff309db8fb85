package dev.cairn.backup.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SamplesTest {

    private final Samples samples = new Samples();

    @Test
    void percentilesAreTheNearestRankOfAllSamplesInAnyOrder() {
        for (int i = 10_000; i >= 1; i--) {
            samples.add(i * 1_000_000L);
        }

        Samples.Distribution distribution = samples.distribution();

        assertEquals(10_000, distribution.count());
        assertEquals(5_000, distribution.percentile(0.5));
        assertEquals(9_900, distribution.percentile(0.99));
        assertEquals(10_000, distribution.max());
    }

    @Test
    void oneSampleIsEveryPercentile() {
        samples.add(3_000_000);

        assertEquals(3, samples.distribution().percentile(0.01));
        assertEquals(3, samples.distribution().percentile(0.99));
    }

    @Test
    void noSampleIsNoNumber() {
        assertEquals(Double.NaN, samples.distribution().percentile(0.5));
    }

    @Test
    void whatIsForgottenDoesNotCount() {
        samples.add(9_000_000);
        samples.clear();
        samples.add(1_000_000);

        assertEquals(1, samples.distribution().count());
        assertEquals(1, samples.distribution().max());
    }
}
