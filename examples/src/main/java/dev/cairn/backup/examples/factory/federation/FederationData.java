package dev.cairn.backup.examples.factory.federation;

import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.spi.ReceiptSigner;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What the federation is made of on the factory's side.
 *
 * @param ledger the ledger
 * @param nonces the used nonces
 * @param receipts the receipts
 * @param proofs the proofs
 * @param signer the factory's signature
 */
public record FederationData(
        Ledger ledger, NonceStore nonces, ReceiptStore receipts, Proofs proofs, ReceiptSigner signer) {

    /** Opens the databases. */
    public void open() {
        ledger.open();
        nonces.open();
        receipts.open();
    }

    /** Closes them, as a restore needs. */
    public void close() {
        ledger.close();
        nonces.close();
        receipts.close();
    }

    /** The receipt of the newest entry of the ledger. */
    public Optional<SignedStatement> newestReceipt() throws SQLException {
        Optional<Ledger.Entry> head = ledger.head();
        return head.isEmpty() ? Optional.empty() : receipts.find(head.get().batch());
    }

    /** The ledger's entries. */
    public List<Ledger.Entry> entries() throws SQLException {
        return ledger.entries();
    }
}
