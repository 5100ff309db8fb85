package dev.cairn.backup.core.proof;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.spi.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys from their text. What a parser says of a text that is no key may show a part of it, so it never becomes a cause nor part of a message. */
final class KeyText {

    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----\\s*");

    private static final int SEED = 32;

    /** PKCS#8 of an Ed25519 key up to its seed: RFC 8410, section 7. */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final String ED25519_FORMS =
            "An Ed25519 key is PEM of PKCS#8 ('openssl genpkey -algorithm ed25519'), or its seed as 64 hexadecimal digits";

    private KeyText() {}

    /** The private key of Ed25519. */
    static PrivateKey ed25519(SigningKey key) {
        String text = text(key);
        byte[] der = pem("PRIVATE KEY", text);
        if (der == null) {
            byte[] seed = hex(text);
            if (seed == null || seed.length != SEED) {
                throw malformed(key.describe(), ED25519_FORMS);
            }
            der = new byte[PKCS8.length + SEED];
            System.arraycopy(PKCS8, 0, der, 0, PKCS8.length);
            System.arraycopy(seed, 0, der, PKCS8.length, SEED);
        }
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw malformed(key.describe(), ED25519_FORMS);
        }
    }

    /** The public key of Ed25519, from PEM. */
    static PublicKey ed25519Public(String keyId, String text) {
        byte[] der = pem("PUBLIC KEY", text);
        try {
            if (der != null) {
                return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
            }
        } catch (GeneralSecurityException e) {
            // Told below.
        }
        throw malformed("The public key '" + keyId + "'", "It is PEM, as 'openssl pkey -in key.pem -pubout' writes it");
    }

    /** The secret of an HMAC: at least as long as its hash, as RFC 2104 recommends. */
    static byte[] secret(SigningKey key) {
        byte[] secret = hex(text(key));
        if (secret == null || secret.length < SEED) {
            throw malformed(key.describe(), "A key for HMAC-SHA-256 is 64 or more hexadecimal digits");
        }
        return secret;
    }

    private static String text(SigningKey key) {
        byte[] bytes = key.read();
        if (bytes.length > SigningKey.MOST_BYTES) {
            throw malformed(key.describe(), "A key has at most " + SigningKey.MOST_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte @Nullable [] pem(String label, String text) {
        Matcher pem = PEM.matcher(text);
        if (!pem.matches() || !pem.group(1).equals(label)) {
            return null;
        }
        try {
            return Base64.getMimeDecoder().decode(pem.group(2));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte @Nullable [] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static KeyException malformed(String what, String remedy) {
        return new KeyException(Reason.MALFORMED, what + " holds no such key", remedy, null);
    }
}
