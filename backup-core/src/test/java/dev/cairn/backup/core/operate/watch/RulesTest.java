package dev.cairn.backup.core.operate.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetHealth;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.Objective;
import dev.cairn.backup.RestoreTime;
import dev.cairn.backup.ScheduleHealth;
import dev.cairn.backup.core.schedule.ScheduleStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules as tables. */
class RulesTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final long MIB = 1 << 20;

    private static DatasetSummary summary(long bytes, long entries) {
        return new DatasetSummary("data", "fake", true, entries, bytes, Optional.empty(), Map.of());
    }

    private static List<Kind> sizes(List<DatasetSummary> newestFirst) {
        List<Finding> found = new ArrayList<>();
        SizeRule.of("data", newestFirst, found);
        return found.stream().map(Finding::kind).toList();
    }

    @ParameterizedTest
    @CsvSource({
        // MiB now, MiB before (oldest last), what is found
        "10, 10 10, ''", // two are not yet usual
        "1,  10 10 10, DATASET_SHRUNK",
        "5,  10 10 10, ''", // half is still there
        "4,  10 10 10, DATASET_SHRUNK",
        "20, 10 10 10, ''",
        "21, 10 10 10, DATASET_GROWN",
        "4,  6 8 10 10 10, DATASET_SHRUNK", // a slow loss, never half of the one before
        "10, 10 1 10 10, ''", // one odd snapshot is no measure
        "10, 1 10 1 10 10, ''",
        "0,  0 0 0, ''",
        "1,  0 0 0, DATASET_GROWN",
        "2,  2 2 2 2 2 2 2 2 90 90 90 90 90 90 90 90 90, ''", // only eight count
    })
    void aSizeIsHeldAgainstTheMedianOfTheLastEight(long now, String before, String expected) {
        List<DatasetSummary> newestFirst = new ArrayList<>(List.of(summary(now * MIB, 5)));
        Arrays.stream(before.split(" ")).forEach(size -> newestFirst.add(summary(Long.parseLong(size) * MIB, 5)));
        assertEquals(expected.isEmpty() ? List.of() : List.of(Kind.valueOf(expected)), sizes(newestFirst));
    }

    @ParameterizedTest
    @CsvSource({"0, 99, ''", "0, 100, DATASET_SHRUNK", "99, 0, ''", "100, 0, DATASET_GROWN", "201, 100, DATASET_GROWN"})
    void entriesCountAsBytesDoAndFewOfThemDoNotMatter(long now, long before, String expected) {
        List<DatasetSummary> newestFirst =
                List.of(summary(1000, now), summary(1000, before), summary(1000, before), summary(1000, before));
        assertEquals(expected.isEmpty() ? List.of() : List.of(Kind.valueOf(expected)), sizes(newestFirst));
    }

    @Property(tries = 300)
    void aSizeBetweenHalfAndTwiceOfAllBeforeIsNeverTold(
            @ForAll @Size(min = 1, max = 20) List<@LongRange(min = 0, max = 1L << 40) Long> before,
            @ForAll @LongRange(min = 0, max = 1000) long place) {
        long least = before.stream().mapToLong(Long::longValue).min().orElseThrow();
        long most = before.stream().mapToLong(Long::longValue).max().orElseThrow();
        long low = most / 2 + 1;
        long high = 2 * least;
        if (low > high) {
            return; // There is no such size.
        }
        List<DatasetSummary> newestFirst = new ArrayList<>();
        newestFirst.add(summary(low + (high - low) / 1000 * place, 1));
        before.forEach(size -> newestFirst.add(summary(size, 1)));
        assertEquals(List.of(), sizes(newestFirst));
    }

    @ParameterizedTest
    @CsvSource({
        // minutes: point's age, verified point's age, watched for; -1 is none; restore's seconds, passed; found
        "60, 120, 5, 30, true, ''", // what equals the promise keeps it
        "61, 120, 5, 30, true, RPO_MISSED",
        "60, 121, 5, 30, true, VERIFICATION_OVERDUE",
        "60, 120, 5, 31, true, RTO_MISSED",
        "60, 120, 5, 10, false, RTO_MISSED",
        "60, 120, 5, -1, true, ''", // never rehearsed is not missed
        "-1, -1, 60, -1, true, ''", // a host that has just begun
        "-1, -1, 61, -1, true, RPO_MISSED",
        "1, -1, 121, -1, true, VERIFICATION_OVERDUE",
        "-1, -1, 121, 31, true, RPO_MISSED VERIFICATION_OVERDUE RTO_MISSED",
    })
    void aDatasetIsHeldAgainstItsObjective(
            long age, long verified, long watched, long restore, boolean passed, String expected) {
        Objective objective =
                Objective.of(Duration.ofMinutes(60), Duration.ofSeconds(30)).verifiedWithin(Duration.ofMinutes(120));
        DatasetHealth health = health(age, verified, restore, passed, objective);
        List<Finding> found = new ArrayList<>();
        ObjectiveRule.of(health, Duration.ofMinutes(watched), found);
        assertEquals(
                expected,
                String.join(
                        " ",
                        found.stream().map(finding -> finding.kind().name()).toList()));
        found.forEach(finding -> assertTrue(finding.sentence().startsWith("dataset 'data' "), finding.sentence()));
        List<Finding> unpromised = new ArrayList<>();
        ObjectiveRule.of(
                health(age, verified, restore, passed, Objective.none()), Duration.ofMinutes(watched), unpromised);
        assertEquals(List.of(), unpromised);
    }

    private static DatasetHealth health(long age, long verified, long restore, boolean passed, Objective objective) {
        return new DatasetHealth(
                "data",
                minutes(age).map(NOW::minus),
                minutes(verified).map(NOW::minus),
                minutes(age),
                minutes(verified),
                restore < 0 ? Optional.empty() : Optional.of(new RestoreTime(NOW, Duration.ofSeconds(restore), passed)),
                7,
                objective);
    }

    private static Optional<Duration> minutes(long count) {
        return count < 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(count));
    }

    @ParameterizedTest
    @CsvSource({"300, 0, ''", "301, 0, SCHEDULE_OVERDUE", "0, 1, SCHEDULE_FAILING", "301, 1, SCHEDULE_FAILING"})
    void absenceIsToldApartFromFailure(long late, int failures, String expected) {
        ScheduleStanding standing = new ScheduleStanding(
                "hourly",
                NOW.minusSeconds(late),
                Duration.ofSeconds(late),
                NOW,
                failures,
                failures == 0 ? Optional.empty() : Optional.of(new ScheduleHealth.Failure(NOW, "disk full")));
        ScheduleHealth health = ScheduleRule.health(standing, Optional.of(NOW), Duration.ofMinutes(5));
        assertEquals(
                late > 300 ? Optional.of(NOW.minusSeconds(late)) : Optional.empty(),
                health.overdueSince(),
                "also of one that fails");
        List<Finding> found = new ArrayList<>();
        ScheduleRule.of(health, found);
        assertEquals(
                expected.isEmpty() ? List.of() : List.of(Kind.valueOf(expected)),
                found.stream().map(Finding::kind).toList());
        assertEquals(failures > 0, found.toString().contains("disk full"));
    }

    @Test
    void theLastDeclarationAboutADatasetCounts() {
        Objective wide = Objective.losingAtMost(Duration.ofDays(1));
        Objective narrow = Objective.losingAtMost(Duration.ofHours(1));
        Objectives objectives =
                Objectives.none().with(DatasetSelection.all(), wide).with(DatasetSelection.only("data"), narrow);
        assertEquals(narrow, objectives.of("data"));
        assertEquals(wide, objectives.of("other"));
        assertEquals(Objective.none(), Objectives.none().of("data"));
        assertEquals(objectives, objectives.requireKnown(List.of("data", "other")));
        String message = assertThrows(ConfigurationException.class, () -> objectives.requireKnown(List.of("dta")))
                .getMessage();
        assertTrue(message.contains("'data'") && message.contains("[dta]"), message);
    }

    @Test
    void growthIsToldFromAnHourOnAndOverAWeekAtMost() {
        StoredSizes sizes = new StoredSizes();
        long tick = Long.MAX_VALUE - 5;
        long hour = Duration.ofHours(1).toNanos();
        assertTrue(sizes.isDue(tick));
        assertTrue(!sizes.isDue(tick), "somebody measures already");
        sizes.measured(1000, NOW, tick, Duration.ZERO);
        assertEquals(OptionalLong.empty(), sizes.last().orElseThrow().bytesPerDay());
        long due = tick + StoredSizes.BETWEEN.toNanos();
        assertTrue(!sizes.isDue(due - 1));
        assertTrue(sizes.isDue(due));
        sizes.measured(3000, NOW, tick + hour, Duration.ofMinutes(1));
        assertEquals(OptionalLong.of(48_000), sizes.last().orElseThrow().bytesPerDay());
        assertTrue(!sizes.isDue(tick + 17 * hour), "a minute of it is enough for most of a day");
        assertTrue(sizes.isDue(tick + 18 * hour));
        for (int day = 1; day <= 30; day++) {
            sizes.measured(3000, NOW, tick + day * 24 * hour, Duration.ZERO);
        }
        assertEquals(OptionalLong.of(0), sizes.last().orElseThrow().bytesPerDay(), "what was a month ago is past");
        sizes.measured(2000, NOW, tick + 31 * 24 * hour, Duration.ZERO);
        assertTrue(sizes.last().orElseThrow().bytesPerDay().orElseThrow() < 0, "it became smaller");
    }
}
