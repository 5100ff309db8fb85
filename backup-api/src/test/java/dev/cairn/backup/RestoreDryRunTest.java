package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 3. */
class RestoreDryRunTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    @Test
    void anEqualVersionPasses() {
        assertInstanceOf(RestoreVerdict.Ok.class, taken(NOW, 5).check(5, TEN_MINUTES));
    }

    @Test
    void aVersionOneAheadIsRefused() {
        assertEquals(new RestoreVerdict.VersionAhead(6, 5), taken(NOW, 6).check(5, TEN_MINUTES));
    }

    @Test
    void anEqualAgePasses() {
        assertEquals(
                new RestoreVerdict.Ok(TEN_MINUTES),
                taken(NOW.minus(TEN_MINUTES), 1).check(5, TEN_MINUTES));
    }

    @Test
    void oneNanosecondTooOldIsRefused() {
        Duration age = TEN_MINUTES.plusNanos(1);
        assertEquals(
                new RestoreVerdict.TooOld(age, TEN_MINUTES),
                taken(NOW.minus(age), 1).check(5, TEN_MINUTES));
    }

    @Test
    void theVersionIsDecidedBeforeTheAge() {
        assertEquals(
                new RestoreVerdict.VersionAhead(9, 5),
                taken(NOW.minus(Duration.ofDays(400)), 9).check(5, TEN_MINUTES));
    }

    @Test
    void aSnapshotStampedInTheFutureHasAgeZero() {
        RestoreDryRun future = taken(NOW.plus(Duration.ofDays(1)), 1);
        assertEquals(Duration.ZERO, future.age());
        assertEquals(new RestoreVerdict.Ok(Duration.ZERO), future.check(5, Duration.ZERO));
    }

    @Test
    void onlyOkPermitsARestore() {
        assertTrue(new RestoreVerdict.Ok(Duration.ZERO).permitsRestore());
        assertFalse(new RestoreVerdict.TooOld(TEN_MINUTES, Duration.ZERO).permitsRestore());
        assertFalse(new RestoreVerdict.VersionAhead(2, 1).permitsRestore());
    }

    @Test
    void aHostWithoutVersionIsCheckedByAgeAlone() {
        assertInstanceOf(RestoreVerdict.Ok.class, taken(NOW, Long.MAX_VALUE).check(TEN_MINUTES));
        assertInstanceOf(
                RestoreVerdict.TooOld.class,
                taken(NOW.minus(Duration.ofHours(1)), Long.MAX_VALUE).check(TEN_MINUTES));
    }

    @Test
    void aSnapshotWithoutVersionIsCheckedByAgeAlone() {
        RestoreDryRun dryRun = new RestoreDryRun(snapshot(NOW, OptionalLong.empty()), NOW);
        assertInstanceOf(RestoreVerdict.Ok.class, dryRun.check(Long.MIN_VALUE, TEN_MINUTES));
    }

    @Test
    void theWidestSpanOfInstantsIsAnAge() {
        RestoreDryRun dryRun = new RestoreDryRun(snapshot(Instant.MIN, OptionalLong.empty()), Instant.MAX);
        assertEquals(Duration.between(Instant.MIN, Instant.MAX), dryRun.age());
        assertInstanceOf(RestoreVerdict.Ok.class, dryRun.check(LONGEST));
        assertInstanceOf(RestoreVerdict.TooOld.class, dryRun.check(Duration.ZERO));
    }

    @Test
    void aTooOldPlanIsPermittedByApprovalAndAVersionAheadNever() {
        RestoreRequest request = RestoreRequest.of(SnapshotId.of("s"));
        RestoreRequest approved = request.approvedBy("anna", "the newer ones are damaged");
        RestoreVerdict tooOld = new RestoreVerdict.TooOld(TEN_MINUTES, Duration.ZERO);
        RestoreVerdict ahead = new RestoreVerdict.VersionAhead(2, 1);
        assertFalse(plan(request, tooOld).permitsRestore());
        assertTrue(plan(approved, tooOld).permitsRestore());
        assertFalse(plan(request, ahead).permitsRestore());
        assertFalse(plan(approved, ahead).permitsRestore());
    }

    @Property
    void exactlyTheModelsVerdictHolds(
            @ForAll("versions") OptionalLong snapshotVersion,
            @ForAll("versions") OptionalLong currentVersion,
            @ForAll("instants") Instant createdAt,
            @ForAll("instants") Instant now,
            @ForAll("ages") Duration maxAge) {
        RestoreVerdict verdict =
                new RestoreDryRun(snapshot(createdAt, snapshotVersion), now).check(currentVersion, maxAge);
        String expected = model(snapshotVersion, currentVersion, createdAt, now, maxAge);
        assertEquals(expected, verdict.getClass().getSimpleName());
        assertEquals(expected.equals("Ok"), verdict.permitsRestore());
    }

    @Property
    void theVersionedOverloadsAgree(
            @ForAll long current, @ForAll("versions") OptionalLong version, @ForAll("ages") Duration maxAge) {
        RestoreDryRun dryRun = new RestoreDryRun(snapshot(NOW.minusSeconds(60), version), NOW);
        assertEquals(dryRun.check(OptionalLong.of(current), maxAge), dryRun.check(current, maxAge));
        assertEquals(dryRun.check(OptionalLong.empty(), maxAge), dryRun.check(maxAge));
    }

    @Property
    void bothLimitsPassAtEquality(
            @ForAll long version, @ForAll("instants") Instant createdAt, @ForAll("ages") Duration age) {
        Instant now;
        try {
            now = createdAt.plus(age);
        } catch (java.time.DateTimeException | ArithmeticException e) {
            return; // There is no instant that late.
        }
        assertEquals(
                new RestoreVerdict.Ok(age),
                new RestoreDryRun(snapshot(createdAt, OptionalLong.of(version)), now).check(version, age));
    }

    @Property
    void anAgeIsNeverNegativeAndGrowsWithThePresent(
            @ForAll("instants") Instant createdAt, @ForAll("instants") Instant a, @ForAll("instants") Instant b) {
        Instant early = a.isBefore(b) ? a : b;
        Instant late = a.isBefore(b) ? b : a;
        Duration first = new RestoreDryRun(snapshot(createdAt, OptionalLong.empty()), early).age();
        Duration second = new RestoreDryRun(snapshot(createdAt, OptionalLong.empty()), late).age();
        assertFalse(first.isNegative());
        assertTrue(first.compareTo(second) <= 0, first + " then " + second);
    }

    @Property
    void aNegativeMaxAgeIsRefusedWhateverTheVersions(
            @ForAll("versions") OptionalLong snapshotVersion,
            @ForAll("versions") OptionalLong currentVersion,
            @ForAll("ages") Duration age) {
        Duration negative = age.isZero() ? Duration.ofNanos(-1) : age.negated();
        RestoreDryRun dryRun = new RestoreDryRun(snapshot(NOW, snapshotVersion), NOW);
        InvalidValueException thrown =
                assertThrows(InvalidValueException.class, () -> dryRun.check(currentVersion, negative));
        assertTrue(thrown.getMessage().contains(negative.toString()), thrown.getMessage());
    }

    /** Written without looking at the code: nanoseconds as whole numbers of any size. */
    private static String model(
            OptionalLong snapshotVersion, OptionalLong current, Instant createdAt, Instant now, Duration maxAge) {
        if (snapshotVersion.isPresent()
                && current.isPresent()
                && BigInteger.valueOf(current.getAsLong())
                                .subtract(BigInteger.valueOf(snapshotVersion.getAsLong()))
                                .signum()
                        < 0) {
            return "VersionAhead";
        }
        BigInteger age = nanos(now.getEpochSecond(), now.getNano())
                .subtract(nanos(createdAt.getEpochSecond(), createdAt.getNano()))
                .max(BigInteger.ZERO);
        return age.compareTo(nanos(maxAge.getSeconds(), maxAge.getNano())) > 0 ? "TooOld" : "Ok";
    }

    private static BigInteger nanos(long seconds, int nanos) {
        return BigInteger.valueOf(seconds).multiply(NANOS).add(BigInteger.valueOf(nanos));
    }

    @Provide
    Arbitrary<OptionalLong> versions() {
        return Arbitraries.oneOf(
                Arbitraries.just(OptionalLong.empty()),
                Arbitraries.of(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE).map(OptionalLong::of),
                Arbitraries.longs().between(0, 5).map(OptionalLong::of),
                Arbitraries.longs().map(OptionalLong::of));
    }

    @Provide
    Arbitrary<Instant> instants() {
        Arbitrary<Instant> near = Arbitraries.longs().between(-5, 5).map(NOW::plusNanos);
        Arbitrary<Instant> any = Combinators.combine(
                        Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                        Arbitraries.integers().between(0, 999_999_999))
                .as((second, nano) -> Instant.ofEpochSecond(second, nano));
        return Arbitraries.oneOf(Arbitraries.of(Instant.MIN, Instant.EPOCH, NOW, Instant.MAX), near, any);
    }

    @Provide
    Arbitrary<Duration> ages() {
        Arbitrary<Duration> any = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.integers().between(0, 999_999_999))
                .as((seconds, nanos) -> Duration.ofSeconds(seconds, nanos));
        return Arbitraries.oneOf(
                Arbitraries.of(Duration.ZERO, TEN_MINUTES, LONGEST),
                Arbitraries.longs().between(0, 5).map(Duration::ofNanos),
                any);
    }

    private static RestoreDryRun taken(Instant createdAt, long version) {
        return new RestoreDryRun(snapshot(createdAt, OptionalLong.of(version)), NOW);
    }

    private static SnapshotMetadata snapshot(Instant createdAt, OptionalLong version) {
        return SnapshotMetadata.builder(SnapshotId.of("s"), createdAt)
                .projectionVersion(version)
                .build();
    }

    private static RestorePlan plan(RestoreRequest request, RestoreVerdict verdict) {
        return new RestorePlan(
                request,
                snapshot(NOW, OptionalLong.empty()),
                verdict,
                OptionalLong.empty(),
                TEN_MINUTES,
                java.util.List.of(),
                NOW,
                java.util.List.of(),
                java.util.List.of(),
                java.util.Optional.empty(),
                java.util.Map.of());
    }
}
