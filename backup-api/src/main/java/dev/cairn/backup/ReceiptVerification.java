package dev.cairn.backup;

import java.util.List;

/**
 * What checking a receipt's signatures has shown.
 *
 * @param signatures one verdict for each signature, in their order; empty if nobody has signed
 */
public record ReceiptVerification(List<SignatureVerdict> signatures) {

    /** Copies the list. */
    public ReceiptVerification {
        signatures = List.copyOf(signatures);
    }

    /** Whether it is signed and every signature is valid. */
    public boolean valid() {
        return !signatures.isEmpty() && signatures.stream().allMatch(SignatureVerdict.Valid.class::isInstance);
    }

    /** Whether each of these keys has made a valid signature, and no signature is invalid. Those of unknown keys neither help nor hurt. */
    public boolean signedBy(String... keyIds) {
        return signatures.stream().noneMatch(SignatureVerdict.Invalid.class::isInstance)
                && List.of(keyIds).stream().allMatch(this::validBy);
    }

    private boolean validBy(String keyId) {
        return signatures.stream()
                .anyMatch(verdict -> verdict instanceof SignatureVerdict.Valid
                        && verdict.keyId().equals(keyId));
    }
}
