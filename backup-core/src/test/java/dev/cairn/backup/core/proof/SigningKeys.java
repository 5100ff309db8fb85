package dev.cairn.backup.core.proof;

import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keys and receipts for the tests of this room. */
public final class SigningKeys {

    /** A secret for HMAC. */
    public static final String SECRET = "00112233445566778899aabbccddeeff".repeat(2);

    public static final KeyPair FACTORY = pair();
    public static final KeyPair TOWER = pair();

    private SigningKeys() {}

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key as PEM. */
    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    public static String privatePem(KeyPair pair) {
        return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    public static String publicPem(KeyPair pair) {
        return pem("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    public static SigningKey text(String text) {
        return SigningKey.supplied("the test", () -> text.getBytes(StandardCharsets.UTF_8));
    }

    public static ReceiptSigner factory() {
        return ReceiptSigners.ed25519("factory", text(privatePem(FACTORY)));
    }

    public static ReceiptSigner tower() {
        return ReceiptSigners.ed25519("tower", text(privatePem(TOWER)));
    }

    public static ReceiptSigner office() {
        return ReceiptSigners.hmacSha256("office", text(SECRET));
    }

    /** The keys of all three. */
    public static ReceiptKeys trusted() {
        return ReceiptKeys.none()
                .ed25519("factory", publicPem(FACTORY))
                .ed25519("tower", publicPem(TOWER))
                .hmacSha256("office", text(SECRET));
    }

    /** A receipt that nobody has signed yet. */
    public static Receipt unsigned() {
        String digest = HexFormat.of().formatHex(new byte[32]);
        return new Receipt(
                Receipt.Kind.DRILL,
                "here",
                3,
                Optional.of(digest),
                new SnapshotLink(SnapshotId.of("snap-7"), 7, digest),
                Optional.of(digest),
                List.of(new SnapshotLink(SnapshotId.of("snap-6"), 6, digest)),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Instant.parse("2026-01-02T03:05:00Z"),
                "PASSED",
                new TreeMap<>(Map.of("rto", "PT30S", "note", "größe \"],\"statement\":{} €", "statement", "x")),
                List.of());
    }

    public static Receipt signed(Receipt receipt, ReceiptSigner signer) {
        byte[] message =
                receipt.signatures().isEmpty() ? ReceiptFile.statement(receipt) : ReceiptFile.countersigned(receipt);
        return receipt.signed(new Receipt.Signature(
                signer.keyId(), signer.algorithm(), Base64.getEncoder().encodeToString(signer.sign(message))));
    }
}
