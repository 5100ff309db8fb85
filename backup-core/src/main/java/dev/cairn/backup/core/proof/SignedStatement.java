package dev.cairn.backup.core.proof;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.core.json.CanonicalJson;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.RecordForm;
import dev.cairn.backup.spi.ReceiptSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A statement of the host's own, such as what a recovery has shown, signed and countersigned as receipts are and in the form of their files, so that what {@code docs/proof.md} says about verifying
 * one with {@code openssl} holds for it as it stands. Whoever checks one asks {@link ReceiptKeys#verify(SignedStatement)}, and reads what it says. Immutable.
 *
 * <p>A statement cannot pass for a receipt, which only the manager issues: one of the format {@code cairn-receipt} is refused.
 */
public final class SignedStatement {

    private final byte[] canonical;
    private final List<Receipt.Signature> signatures;

    private SignedStatement(byte[] canonical, List<Receipt.Signature> signatures) {
        this.canonical = canonical;
        this.signatures = List.copyOf(signatures);
    }

    /**
     * A statement that nobody has signed yet.
     *
     * @param json an object of JSON whose numbers are whole; see {@link JsonDigests}
     * @throws InvalidValueException if it is none, or calls itself a receipt
     */
    public static SignedStatement of(String json) {
        JsonObject statement = JsonDigests.parse(json);
        if (ReceiptFile.FORMAT.equals(statement.fields().get("format"))) {
            throw new InvalidValueException(
                    "format of a statement", ReceiptFile.FORMAT, "any other; receipts are issued by the manager");
        }
        return new SignedStatement(CanonicalJson.of(statement), List.of());
    }

    /**
     * A statement from its file. Says nothing of its signatures.
     *
     * @param name what messages call it
     * @throws DamagedReceiptException if it is none, or not what was written
     */
    public static SignedStatement decode(String name, byte[] file) {
        try {
            JsonObject json = JsonObject.parse(file);
            SignedStatement read = of(new String(CanonicalJson.of(json.object("statement")), StandardCharsets.UTF_8));
            for (JsonObject signature : json.objects("signatures")) {
                read = read.signed(RecordForm.signature(signature));
            }
            if (!Arrays.equals(file, read.encode())) { // Also what a reader would pass over must be as it was written.
                throw new DamagedReceiptException(name, "does not match its digest, so it was cut or altered", null);
            }
            return read;
        } catch (DamagedReceiptException e) {
            throw e;
        } catch (IOException | BackupException | IllegalArgumentException e) {
            throw new DamagedReceiptException(name, "cannot be parsed: " + e.getMessage(), e);
        }
    }

    /** The file: one line of canonical JSON without a line feed, {@code {"digest":…,"signatures":[…],"statement":{…}}}. */
    public byte[] encode() {
        return RecordForm.digested(body());
    }

    /** SHA-256 over statement and signatures, 64 hexadecimal digits: the name by which others refer to it as it is now. */
    public String digest() {
        return RecordForm.digest(body());
    }

    /** The statement as canonical JSON. */
    public String statement() {
        return new String(canonical, StandardCharsets.UTF_8);
    }

    /** The signatures, the first one and then the countersignatures. */
    public List<Receipt.Signature> signatures() {
        return signatures;
    }

    /**
     * The same with one more signature: the first is made over the statement, each further one over the statement and the first.
     *
     * @throws dev.cairn.backup.KeyException if the key cannot be used
     */
    public SignedStatement signedBy(ReceiptSigner signer) {
        byte[] message =
                signatures.isEmpty() ? canonical.clone() : ReceiptFile.countersigned(canonical, signatures.get(0));
        return signed(new Receipt.Signature(
                signer.keyId(), signer.algorithm(), Base64.getEncoder().encodeToString(signer.sign(message))));
    }

    private SignedStatement signed(Receipt.Signature signature) {
        List<Receipt.Signature> more = new ArrayList<>(signatures);
        more.add(signature);
        return new SignedStatement(canonical, more);
    }

    byte[] canonical() {
        return canonical;
    }

    private JsonObject body() {
        try {
            return new JsonObject()
                    .put("signatures", signatures.stream().map(RecordForm::json).toList())
                    .put("statement", JsonObject.parse(canonical));
        } catch (IOException e) {
            throw new IllegalStateException("what was written in canonical form can be read again", e);
        }
    }

    /** The statement, and who has signed it. */
    @Override
    public String toString() {
        return statement() + " signed by "
                + signatures.stream().map(Receipt.Signature::keyId).toList();
    }
}
