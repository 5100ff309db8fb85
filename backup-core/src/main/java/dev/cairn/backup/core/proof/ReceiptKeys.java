package dev.cairn.backup.core.proof;

import dev.cairn.backup.Receipt;
import dev.cairn.backup.ReceiptVerification;
import dev.cairn.backup.SignatureVerdict;
import dev.cairn.backup.spi.SigningKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys whose signatures on receipts are trusted. Immutable and thread-safe. The algorithm is the key's: a signature that names another is invalid, so that a public key never serves as the
 * secret of an HMAC.
 */
public final class ReceiptKeys {

    private final Map<String, Key> keys;

    private record Key(Receipt.Algorithm algorithm, Check check) {}

    /** Tells whether a signature was made over a message. */
    private interface Check {
        boolean fits(byte[] message, byte[] signature) throws GeneralSecurityException;
    }

    private ReceiptKeys(Map<String, Key> keys) {
        this.keys = keys;
    }

    /** No keys: nothing that is signed can be verified. */
    public static ReceiptKeys none() {
        return new ReceiptKeys(Map.of());
    }

    /**
     * These and a public key of Ed25519.
     *
     * @param publicKey PEM, as {@code openssl pkey -pubout} writes it
     * @throws dev.cairn.backup.KeyException if it is none
     */
    public ReceiptKeys ed25519(String keyId, String publicKey) {
        PublicKey key = KeyText.ed25519Public(keyId, publicKey);
        return with(keyId, new Key(Receipt.Algorithm.ED25519, (message, signature) -> {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        }));
    }

    /**
     * These and a secret of HMAC-SHA-256, which is read at each verification.
     *
     * @param secret 64 or more hexadecimal digits
     */
    public ReceiptKeys hmacSha256(String keyId, SigningKey secret) {
        return with(
                keyId,
                new Key(
                        Receipt.Algorithm.HMAC_SHA_256,
                        (message, signature) -> MessageDigest.isEqual(
                                ReceiptSigners.hmac(KeyText.secret(secret), message), signature)));
    }

    private ReceiptKeys with(String keyId, Key key) {
        Map<String, Key> more = new LinkedHashMap<>(keys);
        more.put(keyId, key);
        return new ReceiptKeys(more);
    }

    /** Whether a key of that id is among them. */
    public boolean knows(String keyId) {
        return keys.containsKey(keyId);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /**
     * Checks every signature of a receipt.
     *
     * @throws dev.cairn.backup.KeyException if a secret cannot be had
     */
    public ReceiptVerification verify(Receipt receipt) {
        return verify(ReceiptFile.statement(receipt), receipt.signatures());
    }

    /**
     * Checks every signature of a statement.
     *
     * @throws dev.cairn.backup.KeyException if a secret cannot be had
     */
    public ReceiptVerification verify(SignedStatement statement) {
        return verify(statement.canonical(), statement.signatures());
    }

    private ReceiptVerification verify(byte[] statement, List<Receipt.Signature> signatures) {
        List<SignatureVerdict> verdicts = new ArrayList<>();
        for (Receipt.Signature signature : signatures) {
            boolean counter = !verdicts.isEmpty();
            byte[] message = counter ? ReceiptFile.countersigned(statement, signatures.get(0)) : statement;
            verdicts.add(verdict(signature, message, counter));
        }
        return new ReceiptVerification(verdicts);
    }

    private SignatureVerdict verdict(Receipt.Signature signature, byte[] message, boolean counter) {
        Key key = keys.get(signature.keyId());
        if (key == null) {
            return new SignatureVerdict.UnknownKey(signature.keyId(), counter);
        }
        if (key.algorithm() != signature.algorithm()) {
            return new SignatureVerdict.Invalid(
                    signature.keyId(),
                    counter,
                    "the key is for " + key.algorithm().label() + ", the signature says "
                            + signature.algorithm().label());
        }
        try {
            if (key.check().fits(message, Base64.getDecoder().decode(signature.value()))) {
                return new SignatureVerdict.Valid(signature.keyId(), signature.algorithm(), counter);
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not even the form of a signature.
        }
        return new SignatureVerdict.Invalid(
                signature.keyId(),
                counter,
                "the receipt or the signature was altered" + (counter ? ", or the first signature was exchanged" : "")
                        + ", or it was made with another key");
    }

    @Override
    public String toString() {
        return "keys " + keys.keySet();
    }
}
