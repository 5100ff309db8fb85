package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, MagDS 1 and agtmux 2. */
class SnapshotNamingTest {

    private static final Instant NOW = Instant.parse("2026-02-18T09:00:05.999Z");
    private final SnapshotNaming timestamp = SnapshotNaming.timestamp();

    @Test
    void aTimestampIsInUtcAndToTheSecond() {
        assertEquals("20260218_090005", name(Optional.empty(), 0));
    }

    @Test
    void aLabelFollowsTheTime() {
        assertEquals("20260218_090005_before_upgrade-2", name(Optional.of("before_upgrade-2"), 0));
    }

    @Test
    void otherCharactersOfALabelBecomeDashes() {
        assertEquals("20260218_090005_a-b---c---", name(Optional.of("a b/..c\u00e4:*"), 0));
    }

    @Test
    void twoInOneSecondAreToldApart() {
        assertEquals("20260218_090005_x-2", name(Optional.of("x"), 1));
        assertEquals("20260218_090005_x-3", name(Optional.of("x"), 2));
        assertEquals("20260218_090005-2", name(Optional.empty(), 1));
    }

    @Test
    void aLongLabelIsCutAt64Characters() {
        assertEquals("20260218_090005_" + "x".repeat(64), name(Optional.of("x".repeat(200)), 0));
    }

    @Property
    void everyLabelMakesAValidIdAndEveryAttemptAnother(@ForAll String label, @ForAll @IntRange(max = 900) int attempt) {
        Set<String> names = new HashSet<>();
        for (int i = attempt; i < attempt + 3; i++) {
            names.add(name(Optional.of(label), i));
        }
        assertEquals(3, names.size());
    }

    @Property
    void aSequentialNameIsTheSequenceNumberWhateverElse(
            @ForAll @LongRange(min = 1) long sequence, @ForAll String label, @ForAll @IntRange(max = 5) int attempt) {
        assertEquals(
                "snap-" + sequence,
                SnapshotNaming.sequential()
                        .name(sequence, NOW, Optional.of(label), attempt)
                        .value());
    }

    @Test
    void laterTimestampsSortLater() {
        String early = name(Optional.empty(), 0);
        String late = timestamp.name(2, NOW.plusSeconds(1), Optional.empty(), 0).value();
        assertTrue(early.compareTo(late) < 0);
    }

    private String name(Optional<String> label, int attempt) {
        return timestamp.name(1, NOW, label, attempt).value();
    }
}
