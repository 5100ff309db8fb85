package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.spi.ReceiptSigner;
import java.util.Base64;
import java.util.Optional;

/**
 * Puts signatures on receipts.
 *
 * @param signer this installation's signer; empty if it signs nothing
 */
record ReceiptSigning(Optional<ReceiptSigner> signer) {

    /** The receipt with this installation's signature, if it signs. */
    Receipt sign(Receipt receipt) {
        return signer.map(own -> receipt.signed(signature(own, ReceiptFile.statement(receipt))))
                .orElse(receipt);
    }

    /** What a signer of the host's throws against its contract is a key that is away, not the end of a restore that was already done. */
    static Receipt.Signature signature(ReceiptSigner signer, byte[] message) {
        byte[] value;
        try {
            value = signer.sign(message);
        } catch (KeyException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KeyException(
                    KeyException.Reason.UNAVAILABLE, "The signer '" + signer.keyId() + "' failed", "See the cause", e);
        }
        return new Receipt.Signature(
                signer.keyId(), signer.algorithm(), Base64.getEncoder().encodeToString(value));
    }
}
