package dev.cairn.backup.core.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.ReceiptVerification;
import dev.cairn.backup.SignatureVerdict;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.RecordForm;
import dev.cairn.backup.spi.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptSignaturesTest {

    private static final Receipt THREE = SigningKeys.signed(
            SigningKeys.signed(SigningKeys.signed(SigningKeys.unsigned(), SigningKeys.factory()), SigningKeys.tower()),
            SigningKeys.office());

    @Test
    void aReceiptIsReadBackAsItWasWritten() {
        byte[] file = ReceiptFile.encode(THREE);
        assertEquals(THREE, ReceiptFile.decode("it", file));
        String text = new String(file, StandardCharsets.UTF_8);
        String statement = new String(ReceiptFile.statement(THREE), StandardCharsets.UTF_8);
        assertTrue(text.endsWith(",\"statement\":" + statement + "}"), text);
        assertFalse(text.contains("\n"));
    }

    @Test
    void everySignatureOfAKnownKeyIsValid() {
        ReceiptVerification all = SigningKeys.trusted().verify(THREE);
        assertEquals(
                List.of(
                        new SignatureVerdict.Valid("factory", Receipt.Algorithm.ED25519, false),
                        new SignatureVerdict.Valid("tower", Receipt.Algorithm.ED25519, true),
                        new SignatureVerdict.Valid("office", Receipt.Algorithm.HMAC_SHA_256, true)),
                all.signatures());
        assertTrue(all.valid());
        assertTrue(all.signedBy("factory", "tower"));
        assertFalse(all.signedBy("factory", "somebody"));
    }

    @Test
    void nothingIsKnownOfTheSignatureOfAnUnknownKey() {
        ReceiptVerification one = ReceiptKeys.none()
                .ed25519("factory", SigningKeys.publicPem(SigningKeys.FACTORY))
                .verify(THREE);
        assertInstanceOf(SignatureVerdict.UnknownKey.class, one.signatures().get(1));
        assertFalse(one.valid());
        assertTrue(one.signedBy("factory"));
        assertFalse(ReceiptKeys.none().verify(SigningKeys.unsigned()).valid());
    }

    @Test
    void anotherKeyOfTheSameNameIsInvalid() {
        ReceiptVerification wrong = ReceiptKeys.none()
                .ed25519("factory", SigningKeys.publicPem(SigningKeys.TOWER))
                .verify(THREE);
        assertInstanceOf(SignatureVerdict.Invalid.class, wrong.signatures().get(0));
    }

    @Test
    void aPublicKeyNeverServesAsTheSecretOfAnHmac() {
        byte[] known = SigningKeys.FACTORY.getPublic().getEncoded();
        Receipt forged = SigningKeys.signed(
                SigningKeys.unsigned(),
                ReceiptSigners.hmacSha256(
                        "factory", SigningKeys.text(HexFormat.of().formatHex(known))));
        assertInstanceOf(
                SignatureVerdict.Invalid.class,
                SigningKeys.trusted().verify(forged).signatures().get(0));
    }

    @Test
    void aCountersignatureFallsWithTheFirstSignature() {
        Receipt.Signature counter = THREE.signatures().get(1);
        Receipt other =
                SigningKeys.signed(SigningKeys.unsigned(), SigningKeys.office()).signed(counter);
        assertInstanceOf(
                SignatureVerdict.Invalid.class,
                SigningKeys.trusted().verify(other).signatures().get(1));
        Receipt alone = SigningKeys.unsigned().signed(counter);
        assertInstanceOf(
                SignatureVerdict.Invalid.class,
                SigningKeys.trusted().verify(alone).signatures().get(0));
    }

    @Property
    void noByteOfAReceiptCanBeChanged(
            @ForAll @IntRange(max = 100_000) int at, @ForAll @IntRange(min = 1, max = 255) int by) {
        byte[] file = ReceiptFile.encode(THREE);
        file[at % file.length] ^= (byte) by;
        assertThrows(DamagedReceiptException.class, () -> ReceiptFile.decode("it", file));
    }

    @Property(tries = 200)
    void noReceiptCanBeCut(@ForAll @IntRange(max = 100_000) int at) {
        byte[] file = ReceiptFile.encode(THREE);
        assertThrows(
                DamagedReceiptException.class, () -> ReceiptFile.decode("it", Arrays.copyOf(file, at % file.length)));
    }

    /** Whoever can compute a digest can compute it anew. */
    @ParameterizedTest
    @ValueSource(
            strings = {"kind", "lineage", "previous", "root", "startedAt", "finishedAt", "verdict", "number", "facts"})
    void aForgedStatementWithARightDigestHasNoValidSignature(String field) throws IOException {
        JsonObject file = JsonObject.parse(ReceiptFile.encode(THREE));
        file.fields().remove("digest");
        JsonObject statement = file.object("statement");
        switch (field) {
            case "kind" -> statement.put(field, "RESTORE");
            case "startedAt", "finishedAt" -> statement.put(field, "2026-01-02T03:04:06Z");
            case "number" -> statement.put(field, 4);
            case "facts" -> statement.object(field).put("rto", "PT1S");
            default -> statement.put(field, "f".repeat(64));
        }
        Receipt forged = ReceiptFile.decode("it", RecordForm.digested(file));
        assertTrue(SigningKeys.trusted().verify(forged).signatures().stream()
                .allMatch(SignatureVerdict.Invalid.class::isInstance));
    }

    @Test
    void aSeedInHexadecimalDigitsSignsAsItsPemDoes() {
        byte[] der = SigningKeys.FACTORY.getPrivate().getEncoded();
        String seed = HexFormat.of().formatHex(Arrays.copyOfRange(der, der.length - 32, der.length));
        byte[] message = {1, 2, 3};
        assertArrayEquals(
                SigningKeys.factory().sign(message),
                ReceiptSigners.ed25519("x", SigningKeys.text(seed + "\n")).sign(message));
    }

    @Test
    void aKeyIdIsRefusedThatNoReceiptMayHave() {
        assertThrows(InvalidValueException.class, () -> ReceiptSigners.hmacSha256("a b", SigningKeys.text("")));
        assertThrows(InvalidValueException.class, () -> ReceiptSigners.ed25519("", SigningKeys.text("")));
    }

    @Test
    void aVariableThatIsNotSetHoldsNoKey() {
        KeyException missing = assertThrows(
                KeyException.class,
                () -> ReceiptSigners.hmacSha256("office", SigningKey.environment("CAIRN_NO_SUCH_VARIABLE_IS_SET"))
                        .sign(new byte[0]));
        assertEquals(KeyException.Reason.MISSING, missing.reason());
        SigningKey set = SigningKey.environment("KEY", name -> name.equals("KEY") ? SigningKeys.SECRET : null);
        assertArrayEquals(
                SigningKeys.office().sign(new byte[1]),
                ReceiptSigners.hmacSha256("office", set).sign(new byte[1]));
    }

    /** A key that is nearly one: whoever mistypes it must not find it in a log. */
    @Test
    void noTextShowsASecret() {
        String pem = SigningKeys.privatePem(SigningKeys.FACTORY);
        String middle = pem.split("\n")[1].substring(20, 40);
        String hex = SigningKeys.SECRET.substring(0, 63);
        for (String bad : List.of(
                pem.replace("-----END", "-----AND"),
                pem.replace(middle, middle.substring(1)),
                pem.replace(middle, "!" + middle),
                pem.replace("PRIVATE", "PUBLIC"),
                hex,
                hex + "x",
                "")) {
            for (var signer : List.of(
                    ReceiptSigners.ed25519("a", SigningKeys.text(bad)),
                    ReceiptSigners.hmacSha256("a", SigningKeys.text(bad)))) {
                KeyException refused = assertThrows(KeyException.class, () -> signer.sign(new byte[0]));
                assertEquals(KeyException.Reason.MALFORMED, refused.reason());
                String shown = refused + signer.toString() + refused.getCause();
                for (String secret : Set.of(middle.substring(2, 12), hex.substring(3, 13))) {
                    assertFalse(shown.contains(secret), shown);
                }
            }
        }
        assertFalse((SigningKeys.factory() + "" + SigningKeys.office() + SigningKeys.trusted())
                .contains(SigningKeys.SECRET.substring(3, 13)));
    }

    @Test
    void aPublicKeyThatIsNoneIsRefusedAtOnce() {
        assertThrows(KeyException.class, () -> ReceiptKeys.none().ed25519("x", "no key"));
        assertThrows(
                KeyException.class, () -> ReceiptKeys.none().ed25519("x", SigningKeys.privatePem(SigningKeys.FACTORY)));
    }
}
