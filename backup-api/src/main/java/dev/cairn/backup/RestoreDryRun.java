package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * Decides whether a snapshot may be restored. A pure value: it touches nothing and reads no clock.
 *
 * <p>The version is decided first, then the age; a version or an age that is equal to its limit passes. A snapshot that is stamped in the future
 * (because the clock went backwards) has the age zero.
 *
 * @param snapshot the snapshot
 * @param now the present
 */
public record RestoreDryRun(SnapshotMetadata snapshot, Instant now) {

    /**
     * Checks version and age. If the snapshot has no version, only the age.
     *
     * @param currentVersion the host's version; any value
     * @param maxAge the greatest age allowed, not negative
     * @return exactly one verdict
     * @throws InvalidValueException if {@code maxAge} is negative
     */
    public RestoreVerdict check(long currentVersion, Duration maxAge) {
        return check(OptionalLong.of(currentVersion), maxAge);
    }

    /**
     * Checks the age alone, for hosts that have no version.
     *
     * @param maxAge the greatest age allowed, not negative
     * @return {@code Ok} or {@code TooOld}
     * @throws InvalidValueException if {@code maxAge} is negative
     */
    public RestoreVerdict check(Duration maxAge) {
        return check(OptionalLong.empty(), maxAge);
    }

    /**
     * Checks the age and, if both sides have one, the version.
     *
     * @param currentVersion the host's version, if it has one
     * @param maxAge the greatest age allowed, not negative
     * @return exactly one verdict
     * @throws InvalidValueException if {@code maxAge} is negative
     */
    public RestoreVerdict check(OptionalLong currentVersion, Duration maxAge) {
        if (maxAge.isNegative()) {
            throw new InvalidValueException("maxAge", maxAge, "zero or more");
        }
        OptionalLong version = snapshot.projectionVersion();
        if (version.isPresent() && currentVersion.isPresent() && version.getAsLong() > currentVersion.getAsLong()) {
            return new RestoreVerdict.VersionAhead(version.getAsLong(), currentVersion.getAsLong());
        }
        Duration age = age();
        return age.compareTo(maxAge) > 0 ? new RestoreVerdict.TooOld(age, maxAge) : new RestoreVerdict.Ok(age);
    }

    /** The snapshot's age, at least zero. */
    public Duration age() {
        return snapshot.createdAt().isAfter(now) ? Duration.ZERO : Duration.between(snapshot.createdAt(), now);
    }
}
