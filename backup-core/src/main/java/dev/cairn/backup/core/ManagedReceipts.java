package dev.cairn.backup.core;

import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.Receipts;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.proof.chain.Proofs;
import dev.cairn.backup.spi.ReceiptSigner;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The receipts of a manager. Every method opens the stores if they were away.
 *
 * @param proofs those of the opened repository
 */
record ManagedReceipts(Supplier<Proofs> proofs) implements Receipts {

    @Override
    public List<Receipt> all() {
        return proofs.get().receipts();
    }

    @Override
    public Optional<Receipt> find(long number) {
        return proofs.get().receipt(number);
    }

    @Override
    public Receipt attest(SnapshotId id) {
        return proofs.get().attest(id);
    }

    @Override
    public Receipt countersign(long number, ReceiptSigner second) {
        return proofs.get().countersign(number, second);
    }

    @Override
    public ChainVerification verify() {
        return proofs.get().verifyReceipts();
    }

    @Override
    public void remove(long number, String operator, String reason) {
        proofs.get().removeReceipt(number, operator, reason);
    }
}
