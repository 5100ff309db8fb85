package dev.cairn.backup.core;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.spi.ReceiptSigner;
import java.util.Optional;

/**
 * Who signs what this installation attests, and whose signatures it trusts.
 *
 * @param signer signs receipts and stubs; empty if nothing is signed
 * @param trusted with any, a stub that none of them has signed explains no absence
 */
record Attestation(Optional<ReceiptSigner> signer, ReceiptKeys trusted) {

    static Attestation none() {
        return new Attestation(Optional.empty(), ReceiptKeys.none());
    }

    /** @throws dev.cairn.backup.InvalidValueException if no signature may have such a key's id */
    Attestation signedBy(ReceiptSigner value) {
        new Receipt.Signature(value.keyId(), value.algorithm(), "AAAA");
        return new Attestation(Optional.of(value), trusted);
    }

    Attestation trusting(ReceiptKeys value) {
        return new Attestation(signer, value);
    }

    /** @throws ConfigurationException if this installation's own stubs would not be trusted */
    Attestation checked() {
        if (!trusted.isEmpty()
                && signer.filter(own -> trusted.knows(own.keyId())).isEmpty()) {
            throw new ConfigurationException(
                    "receiptKeys(…) trusts " + trusted + ", and "
                            + signer.map(own -> "receipts(…) signs with '" + own.keyId() + "'")
                                    .orElse("nothing is signed")
                            + ": each snapshot that this installation removes would seem to be missing",
                    "Sign with receipts(…), and give its own key to receiptKeys(…) as well");
        }
        return this;
    }
}
