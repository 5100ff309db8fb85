package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.RecordForm;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stays of a receipt that an operator removed.
 *
 * @param digest the receipt's
 * @param previous that of the receipt before it
 * @param operator who removed it
 * @param reason why
 * @param at when
 */
record Removal(String digest, Optional<String> previous, String operator, String reason, Instant at) {

    byte[] encode() {
        JsonObject json = new JsonObject()
                .put("receipt", digest)
                .put("previous", previous.orElse(null))
                .put("operator", operator)
                .put("reason", reason)
                .put("at", at.toString());
        return RecordForm.digested(json);
    }

    static Removal decode(String name, byte[] body) {
        try {
            JsonObject json = JsonObject.parse(body);
            Removal removal = new Removal(
                    json.text("receipt"),
                    json.optionalText("previous"),
                    json.text("operator"),
                    json.text("reason"),
                    Instant.parse(json.text("at")));
            if (Arrays.equals(body, removal.encode())) {
                return removal;
            }
        } catch (IOException | BackupException | DateTimeException e) {
            throw new DamagedReceiptException(name, "cannot be parsed: " + e.getMessage(), e);
        }
        throw new DamagedReceiptException(name, "does not match its digest, so it was cut or altered", null);
    }
}
