package dev.cairn.backup.examples.factory.tower;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * The tower's own look at what it is asked to countersign, written from {@code docs/proof.md}: a statement, a line feed, and the factory's signature over the statement as {@code keyId algorithm value}.
 */
final class FirstSignature {

    private final PublicKey factory;

    /** @param pem the factory's public key */
    FirstSignature(String pem) {
        String base64 = pem.replaceAll("-----[A-Z ]*-----", "").replaceAll("\\s", "");
        try {
            this.factory = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("the factory's public key is none", e);
        }
    }

    boolean isGood(byte[] message) {
        int end = message.length - 1;
        while (end >= 0 && message[end] != '\n') {
            end--;
        }
        String[] words = new String(message, end + 1, message.length - end - 1, StandardCharsets.UTF_8).split(" ", -1);
        if (end < 0 || words.length != 3 || !words[0].equals("factory") || !words[1].equals("Ed25519")) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(factory);
            verifier.update(Arrays.copyOf(message, end));
            return verifier.verify(Base64.getDecoder().decode(words[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
