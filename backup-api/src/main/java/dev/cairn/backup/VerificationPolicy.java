package dev.cairn.backup;

import java.time.Duration;
import java.util.List;

/**
 * Verification as a habit: snapshots are read back in the background, a little at a time, new ones soon after they were taken, older ones less often and deeper.
 *
 * <p>A run takes up what the last one left in the middle of, also after a restart; then snapshots that were never verified as deep as their age asks, the newest first; then those whose verification is
 * longest overdue. It rests while any other operation of the manager waits or runs. What was read whole and right gives {@link SnapshotManager#lastVerified}; what is damaged makes the snapshot
 * suspect and health degraded.
 *
 * @param every the distance between runs, at least one second
 * @param budget how long a run may read, more than zero; what is left is for the next one
 * @param rungs what each age asks for, by rising age, the first from zero
 */
public record VerificationPolicy(Duration every, Duration budget, List<Rung> rungs) {

    /** The name under which it is scheduled and audited. */
    public static final String NAME = "verification";

    /**
     * What snapshots ask for from an age on.
     *
     * @param fromAge the age
     * @param again how long a verification of that depth counts, more than zero
     * @param depth how deep: {@code MANIFEST}; {@code PRESENCE}, which reads the listings and compares them with the manifest; {@code CONTENT} and {@code RESTORE}, which both read every byte as a restore
     *     would
     */
    public record Rung(Duration fromAge, Duration again, VerificationDepth depth) {

        /** @throws InvalidValueException if a time is out of bounds */
        public Rung {
            if (fromAge.isNegative()) {
                throw new InvalidValueException("fromAge", fromAge, "zero or more");
            }
            if (again.isNegative() || again.isZero()) {
                throw new InvalidValueException("again", again, "more than zero");
            }
        }

        /** Whether all content is read. */
        public boolean isWhole() {
            return depth.compareTo(VerificationDepth.CONTENT) >= 0;
        }
    }

    /** @throws InvalidValueException if a time is out of bounds or the rungs are not by rising age from zero */
    public VerificationPolicy {
        rungs = List.copyOf(rungs);
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new InvalidValueException("every", every, "one second or more");
        }
        if (budget.isNegative() || budget.isZero()) {
            throw new InvalidValueException("budget", budget, "more than zero");
        }
        if (rungs.isEmpty() || !rungs.get(0).fromAge().isZero()) {
            throw new InvalidValueException("rungs", rungs, "at least one, the first from age zero");
        }
        for (int i = 1; i < rungs.size(); i++) {
            if (rungs.get(i).fromAge().compareTo(rungs.get(i - 1).fromAge()) <= 0) {
                throw new InvalidValueException("rungs", rungs, "rungs by rising age");
            }
        }
    }

    /**
     * The default ladder: listings in the first day, so that a snapshot that lacks something is known soon; every byte from a day on, again each week; from a month on again each month.
     */
    public static VerificationPolicy of(Duration every, Duration budget) {
        return new VerificationPolicy(
                every,
                budget,
                List.of(
                        new Rung(Duration.ZERO, Duration.ofDays(1), VerificationDepth.PRESENCE),
                        new Rung(Duration.ofDays(1), Duration.ofDays(7), VerificationDepth.CONTENT),
                        new Rung(Duration.ofDays(30), Duration.ofDays(30), VerificationDepth.RESTORE)));
    }

    /** Every byte of every snapshot, again after that time: for those who want to know of the newest at once. */
    public static VerificationPolicy everyByte(Duration every, Duration budget, Duration again) {
        return new VerificationPolicy(
                every, budget, List.of(new Rung(Duration.ZERO, again, VerificationDepth.CONTENT)));
    }

    /** What a snapshot of that age asks for; one that comes from the future counts as new. */
    public Rung rung(Duration age) {
        Rung found = rungs.get(0);
        for (Rung rung : rungs) {
            if (rung.fromAge().compareTo(age) <= 0) {
                found = rung;
            }
        }
        return found;
    }
}
