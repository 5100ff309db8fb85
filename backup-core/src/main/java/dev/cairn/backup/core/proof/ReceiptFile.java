package dev.cairn.backup.core.proof;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.core.json.CanonicalJson;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.RecordForm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A receipt as a file: one line of canonical JSON, {@code {"digest":…,"signatures":[…],"statement":{…}}}, whose last field is, byte for byte, what was signed. The digest is that of the line
 * without it: it guards against damage, signatures guard against forgers. {@code docs/proof.md} says how to verify one with {@code openssl} or Python alone.
 */
public final class ReceiptFile {

    /** What a statement calls itself that is a receipt. */
    static final String FORMAT = "cairn-receipt";

    private static final long VERSION = 1;

    private ReceiptFile() {}

    /** The file. */
    public static byte[] encode(Receipt receipt) {
        return RecordForm.digested(body(receipt));
    }

    /**
     * A receipt from its file.
     *
     * @param name what messages call it
     * @throws DamagedReceiptException if it is none, or not what was written
     */
    public static Receipt decode(String name, byte[] file) {
        try {
            JsonObject json = JsonObject.parse(file);
            Receipt receipt = read(json.object("statement"), json.objects("signatures"));
            if (!Arrays.equals(
                    file, encode(receipt))) { // Also what a reader would pass over must be as it was written.
                throw new DamagedReceiptException(name, "does not match its digest, so it was cut or altered", null);
            }
            return receipt;
        } catch (DamagedReceiptException e) {
            throw e;
        } catch (IOException | BackupException | IllegalArgumentException | DateTimeException e) {
            throw new DamagedReceiptException(name, "cannot be parsed: " + e.getMessage(), e);
        }
    }

    /** What its digest is: the name by which the next receipt refers to it. It covers the statement and the signatures that the file has. */
    public static String digest(Receipt receipt) {
        return RecordForm.digest(body(receipt));
    }

    /** What the first signature is made over: the canonical JSON of everything but the signatures. */
    public static byte[] statement(Receipt receipt) {
        return CanonicalJson.of(statementJson(receipt));
    }

    /** What a countersignature is made over: the statement, a line feed, and the first signature as {@code keyId algorithm value}. */
    public static byte[] countersigned(Receipt receipt) {
        return countersigned(statement(receipt), receipt.signatures().get(0));
    }

    /** The same for any statement. */
    static byte[] countersigned(byte[] statement, Receipt.Signature first) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(statement);
        message.writeBytes(("\n" + first.keyId() + " " + first.algorithm().label() + " " + first.value())
                .getBytes(StandardCharsets.UTF_8));
        return message.toByteArray();
    }

    private static JsonObject body(Receipt receipt) {
        return new JsonObject()
                .put(
                        "signatures",
                        receipt.signatures().stream().map(RecordForm::json).toList())
                .put("statement", statementJson(receipt));
    }

    private static JsonObject statementJson(Receipt receipt) {
        JsonObject facts = new JsonObject();
        receipt.facts().forEach(facts::put);
        return new JsonObject()
                .put("format", FORMAT)
                .put("formatVersion", VERSION)
                .put("kind", receipt.kind().name())
                .put("lineage", receipt.lineage())
                .put("number", receipt.number())
                .put("previous", receipt.previous().orElse(null))
                .put("snapshot", RecordForm.json(receipt.snapshot()))
                .put("root", receipt.root().orElse(null))
                .put("continues", RecordForm.json(receipt.continues()))
                .put("startedAt", receipt.startedAt().toString())
                .put("finishedAt", receipt.finishedAt().toString())
                .put("verdict", receipt.verdict())
                .put("facts", facts);
    }

    private static Receipt read(JsonObject statement, List<JsonObject> signatures) throws JsonFormatException {
        if (!statement.text("format").equals(FORMAT) || statement.number("formatVersion") != VERSION) {
            throw new IllegalArgumentException("format '" + statement.text("format") + "', version "
                    + statement.number("formatVersion") + "; this version reads " + FORMAT + " " + VERSION);
        }
        TreeMap<String, String> facts = new TreeMap<>();
        for (String name : statement.object("facts").fields().keySet()) {
            facts.put(name, statement.object("facts").text(name));
        }
        List<Receipt.Signature> signed = new ArrayList<>();
        for (JsonObject signature : signatures) {
            signed.add(RecordForm.signature(signature));
        }
        return new Receipt(
                Receipt.Kind.valueOf(statement.text("kind")),
                statement.text("lineage"),
                statement.number("number"),
                statement.optionalText("previous"),
                RecordForm.link(statement.object("snapshot")),
                statement.optionalText("root"),
                RecordForm.links(statement.objects("continues")),
                Instant.parse(statement.text("startedAt")),
                Instant.parse(statement.text("finishedAt")),
                statement.text("verdict"),
                facts,
                signed);
    }
}
