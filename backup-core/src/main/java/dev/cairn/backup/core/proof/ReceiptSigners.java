package dev.cairn.backup.core.proof;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.SigningKey;
import java.security.GeneralSecurityException;
import java.security.Signature;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signers with keys in a file, a variable of the environment, or wherever the host keeps them. The key is read at each signature and not kept. */
public final class ReceiptSigners {

    private ReceiptSigners() {}

    /**
     * Signs with Ed25519; anybody who has the public key can verify.
     *
     * @param keyId what the signature calls the key, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @param key the private key: PEM of PKCS#8, or the seed as 64 hexadecimal digits
     * @throws dev.cairn.backup.InvalidValueException if the id is not allowed
     */
    public static ReceiptSigner ed25519(String keyId, SigningKey key) {
        return new KeySigner(keyId, Receipt.Algorithm.ED25519, key, message -> {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyText.ed25519(key));
            signature.update(message);
            return signature.sign();
        });
    }

    /**
     * Signs with HMAC-SHA-256; only who has the secret can verify, and could also have signed.
     *
     * @param keyId what the signature calls the key, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @param key the secret: 64 or more hexadecimal digits
     * @throws dev.cairn.backup.InvalidValueException if the id is not allowed
     */
    public static ReceiptSigner hmacSha256(String keyId, SigningKey key) {
        return new KeySigner(keyId, Receipt.Algorithm.HMAC_SHA_256, key, message -> hmac(KeyText.secret(key), message));
    }

    static byte[] hmac(byte[] secret, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return mac.doFinal(message);
    }

    /** What is done with the key. */
    private interface Making {
        byte[] signature(byte[] message) throws GeneralSecurityException;
    }

    private record KeySigner(String keyId, Receipt.Algorithm algorithm, SigningKey key, Making making)
            implements ReceiptSigner {

        KeySigner {
            new Receipt.Signature(keyId, algorithm, "AAAA"); // Refuses an id that no signature may have.
        }

        @Override
        public byte[] sign(byte[] message) {
            try {
                return making.signature(message);
            } catch (GeneralSecurityException e) {
                throw new KeyException(
                        Reason.UNAVAILABLE,
                        key.describe() + " cannot sign with " + algorithm.label(),
                        "Use a JDK whose providers have it",
                        null);
            }
        }

        @Override
        public String toString() {
            return keyId + " (" + algorithm.label() + ", " + key.describe() + ")";
        }
    }
}
