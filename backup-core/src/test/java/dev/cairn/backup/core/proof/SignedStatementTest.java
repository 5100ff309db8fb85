package dev.cairn.backup.core.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedStatementTest {

    private static final String SAID =
            "{\"b\":{\"y\":[1,{\"z\":\"ü\"}],\"x\":true}, \"a\" : \"},\\\"statement\\\":{\"}";

    private static SignedStatement signed() {
        return SignedStatement.of(SAID).signedBy(SigningKeys.factory()).signedBy(SigningKeys.tower());
    }

    private static SignedStatement read(String file) {
        return SignedStatement.decode("it", file.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isVerifiedWithBothKeysAndReadBackAsItWasWritten() {
        SignedStatement read = SignedStatement.decode("it", signed().encode());
        assertEquals(JsonDigests.canonical(SAID), read.statement());
        assertTrue(SigningKeys.trusted().verify(read).signedBy("factory", "tower"));
        assertTrue(SigningKeys.trusted().verify(read).valid());
        assertArrayEquals(signed().encode(), read.encode());
        assertTrue(new String(read.encode(), StandardCharsets.UTF_8).startsWith("{\"digest\":\"" + read.digest()));
    }

    @Test
    void oneSignatureIsNotBoth() {
        SignedStatement one = SignedStatement.of(SAID).signedBy(SigningKeys.factory());
        assertTrue(SigningKeys.trusted().verify(one).signedBy("factory"));
        assertFalse(SigningKeys.trusted().verify(one).signedBy("factory", "tower"));
        assertFalse(SigningKeys.trusted().verify(SignedStatement.of(SAID)).valid());
    }

    @Test
    void anotherStatementUnderTheSameSignaturesIsInvalid() {
        SignedStatement other = SignedStatement.of(SAID.replace("true", "false"));
        String forged = new String(signed().encode(), StandardCharsets.UTF_8)
                .replace(JsonDigests.canonical(SAID), other.statement());
        assertThrows(DamagedReceiptException.class, () -> read(forged));
        String body = forged.replaceFirst("\"digest\":\"[0-9a-f]*\",", "");
        String mended = "{\"digest\":\"" + JsonDigests.digest(body) + "\"," + body.substring(1);
        assertFalse(SigningKeys.trusted().verify(read(mended)).signedBy("factory", "tower"));
    }

    @Test
    void neverPassesForAReceipt() {
        Receipt receipt = SigningKeys.signed(SigningKeys.unsigned(), SigningKeys.factory());
        String statement = new String(ReceiptFile.statement(receipt), StandardCharsets.UTF_8);
        assertThrows(InvalidValueException.class, () -> SignedStatement.of(statement));
        assertThrows(DamagedReceiptException.class, () -> SignedStatement.decode("it", ReceiptFile.encode(receipt)));
    }

    @Test
    void digestsHangOnNestedFieldsAndOnNothingElse() {
        String said = "{\"a\":{\"b\":{\"c\":1}},\"d\":[{\"e\":\"f\"}]}";
        assertEquals(
                JsonDigests.digest(said),
                JsonDigests.digest("{ \"d\" : [ {\"e\":\"f\"} ], \"n\":null, \"a\":{\"b\":{\"c\":1}} }"));
        assertNotEquals(JsonDigests.digest(said), JsonDigests.digest(said.replace("1", "2")));
        assertNotEquals(JsonDigests.digest(said), JsonDigests.digest(said.replace("f", "g")));
        assertNotEquals(JsonDigests.merkleRoot(List.of(said, "{}")), JsonDigests.merkleRoot(List.of("{}", said)));
    }

    /** The tree of RFC 6962: one leaf is SHA-256(0x00 ‖ leaf), none are SHA-256 of nothing. */
    @Test
    void rootsAreThoseOfTheRfc() {
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", JsonDigests.merkleRoot(List.of()));
        assertEquals(
                "28a3a18f6cd6406b086e9ffda1f9b8a13dbcf44b0f3f32cb9031a11fd053acf9",
                JsonDigests.merkleRoot(List.of("{ }")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\":1.5}", "{\"a\":18446744073709551616}", "{} {}", "{\"a\":1,\"a\":2}"})
    void whatHasNoCanonicalFormIsRefused(String text) {
        assertThrows(InvalidValueException.class, () -> JsonDigests.digest(text));
        assertThrows(InvalidValueException.class, () -> SignedStatement.of(text));
    }
}
