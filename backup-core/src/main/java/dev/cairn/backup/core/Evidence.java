package dev.cairn.backup.core;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.proof.chain.Outcomes;
import dev.cairn.backup.core.proof.chain.Proofs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the manager does for proof: tells health and listeners how the chain stands, and leaves a receipt of what was verified and restored. Thread-safe. */
final class Evidence {

    private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);
    private static final String CHAIN = "chain";
    private static final String RECEIPTS = "receipts";

    private final Proofs proofs;
    private final boolean signs;
    private final HealthBoard board;
    private final EventDispatcher events;
    private final InstantSource clock;

    /** The evidence of a lineage. */
    Evidence(Settings settings, String lineage, HealthBoard board, EventDispatcher events) {
        Attestation attestation = settings.attestation();
        this.proofs = new Proofs(
                settings.repository(),
                settings.state(),
                lineage,
                attestation.signer(),
                attestation.trusted(),
                settings.clock());
        this.signs = attestation.signer().isPresent();
        this.board = board;
        this.events = events;
        this.clock = settings.clock();
    }

    /** Chain, stubs and receipts. */
    Proofs proofs() {
        return proofs;
    }

    /** Looks at the chain when the repository was opened. */
    void opened() {
        ChainVerification found = proofs.opened();
        board.standing(CHAIN, problem(found));
        tell(found);
    }

    /** Checks a range of the chain. What health says of a break stays until all of the chain holds. */
    ChainVerification verifyChain(long from, long to) {
        ChainVerification found = proofs.verifyChain(from, to);
        if (!found.intact() || from == 1 && to == Long.MAX_VALUE) {
            board.standing(CHAIN, problem(found));
        }
        tell(found);
        return found;
    }

    /** Takes a break for known, and looks again. */
    ChainVerification acknowledge(ChainBreak broken, String operator, String reason) {
        proofs.acknowledge(broken, operator, reason);
        ChainVerification left = proofs.verifyChain();
        board.standing(CHAIN, problem(left));
        return left;
    }

    private static Optional<String> problem(ChainVerification found) {
        return found.intact() ? Optional.empty() : Optional.of(found.describe());
    }

    private void tell(ChainVerification found) {
        if (!found.intact()) {
            events.publish(new BackupEvent.ChainBroken(clock.instant(), found));
        }
    }

    /** A snapshot was read back, whatever came of it. */
    void verified(VerificationReport report) {
        Instant end = report.verifiedAt();
        leave(() -> proofs.attest(
                Receipt.Kind.VERIFICATION,
                report.snapshot(),
                end.minus(report.elapsed()),
                end,
                report.passed() ? "PASSED" : "FAILED",
                Outcomes.of(report)));
    }

    /** A restore was completed, or undone by another one. */
    void restored(RestoreReport report) {
        leave(() -> proofs.attest(
                Receipt.Kind.RESTORE,
                report.snapshot().id(),
                report.startedAt(),
                report.startedAt().plus(report.elapsed()),
                "COMPLETED",
                Outcomes.of(report)));
    }

    /** A restore was rehearsed, whatever came of it. */
    void drilled(DrillReport report) {
        report.snapshot()
                .ifPresent(snapshot -> leave(() -> proofs.attest(
                        Receipt.Kind.DRILL,
                        snapshot,
                        report.startedAt(),
                        report.startedAt().plus(report.rtoActual()),
                        report.passed() ? "PASSED" : "FAILED",
                        Outcomes.of(report))));
    }

    /** What was done is done: that it cannot be attested, because the key or the store is away, is told and fails nothing. */
    private void leave(Supplier<Receipt> receipt) {
        if (signs) {
            try {
                LOG.debug("Receipt {} was issued", receipt.get().number());
                board.solved(RECEIPTS);
            } catch (BackupException e) {
                board.problem(RECEIPTS, "the last receipt could not be issued: " + e.getMessage());
            }
        }
    }
}
