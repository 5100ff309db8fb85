package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.DatasetHealth;
import dev.cairn.backup.RestoreTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Holds a dataset against what was promised of it. What equals the promise keeps it. */
final class ObjectiveRule {

    private ObjectiveRule() {}

    /**
     * Adds what is found.
     *
     * @param watchedFor for how long this process has been watching: a dataset without any point is measured from its beginning
     */
    static void of(DatasetHealth health, Duration watchedFor, Collection<Finding> found) {
        String dataset = "dataset '" + health.dataset() + "'";
        health.objective()
                .rpo()
                .filter(most -> isOver(health.rpo(), watchedFor, most))
                .ifPresent(most -> found.add(new Finding(
                        Kind.RPO_MISSED,
                        health.dataset(),
                        dataset + point("restorable", health.newest(), health.rpo()) + " and may lose at most " + most
                                + "; see why no snapshot is taken, or take one")));
        health.objective()
                .verified()
                .filter(most -> isOver(health.verifiedRpo(), watchedFor, most))
                .ifPresent(most -> found.add(new Finding(
                        Kind.VERIFICATION_OVERDUE,
                        health.dataset(),
                        dataset + point("verified", health.newestVerified(), health.verifiedRpo())
                                + " and should have one of at most " + most + "; verify a snapshot that holds it")));
        health.objective()
                .rto()
                .filter(most ->
                        health.rto().filter(last -> isMissed(last, most)).isPresent())
                .ifPresent(most -> found.add(new Finding(
                        Kind.RTO_MISSED,
                        health.dataset(),
                        dataset + rehearsed(health.rto().orElseThrow()) + " and should be back within " + most)));
    }

    private static boolean isOver(Optional<Duration> age, Duration watchedFor, Duration most) {
        return age.orElse(watchedFor).compareTo(most) > 0;
    }

    private static boolean isMissed(RestoreTime last, Duration most) {
        return !last.passed() || last.elapsed().compareTo(most) > 0;
    }

    private static String point(String kind, Optional<Instant> newest, Optional<Duration> age) {
        return newest.isPresent() && age.isPresent()
                ? " has its newest " + kind + " point at " + newest.get() + ", "
                        + Duration.ofSeconds(age.get().toSeconds()) + " ago,"
                : " has no " + kind + " point";
    }

    private static String rehearsed(RestoreTime last) {
        return last.passed()
                ? " took " + last.elapsed() + " to restore at its rehearsal of " + last.at()
                : " could not be restored at its rehearsal of " + last.at();
    }
}
