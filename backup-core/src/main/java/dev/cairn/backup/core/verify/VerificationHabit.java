package dev.cairn.backup.core.verify;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Verifies what is due, for as long as it may, and remembers where it stopped. For one thread at a time. */
public final class VerificationHabit {

    /** What becomes of what was found. */
    @FunctionalInterface
    public interface Verdicts {

        /**
         * A snapshot was looked at to the end.
         *
         * @param whole whether all its content was read
         */
        void verified(VerificationReport report, boolean whole);
    }

    private final SnapshotRepository repository;
    private final VerificationPolicy policy;
    private final List<String> configured;
    private final InstantSource clock;
    private final StateSlot<VerificationLedger> remembered;

    /** @param configured the names of the host's datasets */
    public VerificationHabit(
            SnapshotRepository repository,
            BlobStore state,
            VerificationPolicy policy,
            List<String> configured,
            InstantSource clock) {
        this.repository = repository;
        this.policy = policy;
        this.configured = configured;
        this.clock = clock;
        this.remembered = new StateSlot<>(state, "verification", new LedgerForm());
    }

    /**
     * Verifies until nothing is due or the pace says stop.
     *
     * @throws BackupCancelledException if the pace ended it in the middle of a content, which will be read again
     */
    public void run(List<Kept> snapshots, Pace pace, Verdicts verdicts) {
        List<SnapshotId> there =
                snapshots.stream().map(kept -> kept.metadata().id()).toList();
        VerificationLedger ledger =
                remembered.get().orElse(VerificationLedger.EMPTY).only(there);
        Optional<VerificationLedger.Unfinished> next = next(snapshots, ledger);
        while (next.isPresent() && pace.goesOn()) {
            ledger = read(next.get(), ledger, pace, verdicts);
            remembered.set(ledger);
            if (ledger.unfinished().isPresent()) {
                return;
            }
            next = next(snapshots, ledger);
        }
    }

    private Optional<VerificationLedger.Unfinished> next(List<Kept> snapshots, VerificationLedger ledger) {
        return ledger.unfinished()
                .or(() -> VerificationOrder.next(snapshots, ledger, policy, clock.instant())
                        .map(due -> new VerificationLedger.Unfinished(
                                due.snapshot().id(), due.rung().depth(), Position.START)));
    }

    private VerificationLedger read(
            VerificationLedger.Unfinished what, VerificationLedger ledger, Pace pace, Verdicts verdicts) {
        SnapshotPassage passage =
                new SnapshotPassage(what.id(), what.depth(), what.position(), pace, new CancellationToken());
        boolean ended;
        try {
            ended = passage.read(repository, configured);
        } catch (SnapshotNotFoundException e) {
            return gone(what, ledger);
        } catch (BackupCancelledException e) {
            remembered.set(ledger.stoppedAt(whereOf(what, passage)));
            throw e;
        }
        if (!ended) {
            return ledger.stoppedAt(whereOf(what, passage));
        }
        VerificationReport report = passage.report(clock.instant());
        if (!report.passed() && !repository.isCommitted(what.id())) {
            return gone(what, ledger); // It was removed under the reading, which is no damage.
        }
        verdicts.verified(report, what.depth().compareTo(VerificationDepth.CONTENT) >= 0);
        return ledger.finished(what.id(), new VerificationLedger.Seen(what.depth(), report.verifiedAt()));
    }

    private static VerificationLedger.Unfinished whereOf(VerificationLedger.Unfinished what, SnapshotPassage passage) {
        return new VerificationLedger.Unfinished(what.id(), what.depth(), passage.position());
    }

    /** So that it is not chosen again in this run; the next one does not list it. */
    private VerificationLedger gone(VerificationLedger.Unfinished what, VerificationLedger ledger) {
        return ledger.finished(what.id(), new VerificationLedger.Seen(VerificationDepth.RESTORE, clock.instant()));
    }
}
