package dev.cairn.backup.core.verify;

import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.spi.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which snapshot is to be verified next, and how deep. Pure. */
final class VerificationOrder {

    /**
     * What is due.
     *
     * @param snapshot the snapshot
     * @param rung what its age asks for
     * @param last when it was last looked at so deep; empty if never
     */
    record Due(SnapshotMetadata snapshot, VerificationPolicy.Rung rung, Optional<Instant> last) {}

    private VerificationOrder() {}

    /** The most urgent: of those never seen so deep the newest, else the one that was seen longest ago; empty if nothing is due. */
    static Optional<Due> next(List<Kept> snapshots, VerificationLedger ledger, VerificationPolicy policy, Instant now) {
        Comparator<Due> neverFirst = Comparator.comparing(due -> due.last().isPresent());
        return snapshots.stream()
                .map(kept -> due(kept, ledger, policy, now))
                .filter(due -> isDue(due, now))
                .min(neverFirst
                        .thenComparing(due -> due.last().orElse(Instant.MIN))
                        .thenComparing(Comparator.comparingLong(
                                        (Due due) -> due.snapshot().sequence())
                                .reversed()));
    }

    private static Due due(Kept kept, VerificationLedger ledger, VerificationPolicy policy, Instant now) {
        SnapshotMetadata snapshot = kept.metadata();
        VerificationPolicy.Rung rung = policy.rung(Duration.between(snapshot.createdAt(), now));
        Optional<Instant> whole = kept.marks().stream()
                .filter(mark -> mark.kind() == Mark.Kind.VERIFIED)
                .map(Mark::at)
                .max(Instant::compareTo);
        Optional<Instant> seen = Optional.ofNullable(ledger.seen().get(snapshot.id()))
                .filter(known -> isEnough(known, rung))
                .map(VerificationLedger.Seen::at);
        Optional<Instant> last = whole.isPresent() && seen.isPresent()
                ? Optional.of(whole.get().isAfter(seen.get()) ? whole.get() : seen.get())
                : whole.or(() -> seen);
        return new Due(snapshot, rung, last);
    }

    private static boolean isEnough(VerificationLedger.Seen seen, VerificationPolicy.Rung rung) {
        return seen.depth().compareTo(rung.depth()) >= 0
                || rung.isWhole() && seen.depth().compareTo(VerificationDepth.CONTENT) >= 0;
    }

    /** Also where the last one lies in the future, because a clock was set back: nobody knows how long ago it was. */
    private static boolean isDue(Due due, Instant now) {
        return due.last()
                .map(last -> last.isAfter(now) || !last.plus(due.rung().again()).isAfter(now))
                .orElse(true);
    }
}
