package dev.cairn.backup;

import java.time.Duration;
import java.util.Optional;

/**
 * What a host promises of the backups of a dataset. Health measures itself against it, and an alert is raised while it is missed. Immutable.
 *
 * @param rpo recovery point: how much of the newest state may be lost, as the greatest age of the newest restorable point; empty for no promise
 * @param rto recovery time: how long a restore may take, held against the last rehearsed one; empty for no promise
 * @param verified the greatest age of the newest point that was read back and found right; empty for no promise
 */
public record Objective(Optional<Duration> rpo, Optional<Duration> rto, Optional<Duration> verified) {

    /** @throws InvalidValueException if a duration is not more than zero */
    public Objective {
        require("rpo", rpo);
        require("rto", rto);
        require("verified", verified);
    }

    private static void require(String name, Optional<Duration> value) {
        value.filter(given -> given.isNegative() || given.isZero()).ifPresent(given -> {
            throw new InvalidValueException(name, given, "more than zero");
        });
    }

    /** No promise. */
    public static Objective none() {
        return new Objective(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Recovery point and recovery time. */
    public static Objective of(Duration rpo, Duration rto) {
        return losingAtMost(rpo).restoredWithin(rto);
    }

    /** A recovery point only. */
    public static Objective losingAtMost(Duration rpo) {
        return new Objective(Optional.of(rpo), Optional.empty(), Optional.empty());
    }

    /** The same with a recovery time. */
    public Objective restoredWithin(Duration value) {
        return new Objective(rpo, Optional.of(value), verified);
    }

    /** The same with a greatest age of the newest point that was read back; at least the recovery point plus the time between verifications, else it is missed part of the time. */
    public Objective verifiedWithin(Duration value) {
        return new Objective(rpo, rto, Optional.of(value));
    }
}
