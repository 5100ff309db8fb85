package dev.cairn.backup.examples.factory.federation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.examples.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * A batch of the federation, signed by the tower.
 *
 * @param id its id
 * @param line the production line
 * @param nonce lets it in once
 * @param epoch the factory's epoch that it was made for
 * @param issuedAt when
 * @param content what it says, JSON
 * @param signed the signed statement that it came as
 */
public record Batch(
        String id,
        String line,
        String nonce,
        TimelineEpoch epoch,
        Instant issuedAt,
        JsonNode content,
        SignedStatement signed) {

    /** What a statement that is a batch calls itself. */
    public static final String KIND = "federation_batch";

    private static final String NAME = "[a-z0-9][a-z0-9-]{0,63}";

    /**
     * A batch from what was sent.
     *
     * @throws dev.cairn.backup.DamagedReceiptException if it is no signed statement
     * @throws InvalidValueException if it is another statement, or a name could leave its folder
     */
    public static Batch of(String file) {
        SignedStatement signed = SignedStatement.decode("the batch", file.getBytes(StandardCharsets.UTF_8));
        JsonNode json = Json.read(signed.statement());
        try {
            return new Batch(
                    named("batch", json),
                    named("line", json),
                    named("nonce", json),
                    new TimelineEpoch(json.path("epoch").asLong()),
                    Instant.parse(json.path("issuedAt").asText()),
                    json.path("content"),
                    signed);
        } catch (DateTimeParseException e) {
            throw new InvalidValueException("issuedAt", json.path("issuedAt").asText(), "an instant of ISO 8601");
        }
    }

    private static String named(String field, JsonNode json) {
        String value = json.path(field).asText();
        if (!json.path("kind").asText().equals(KIND) || !value.matches(NAME)) {
            throw new InvalidValueException(field + " of a batch", value, "a name of a-z 0-9 - in a " + KIND);
        }
        return value;
    }
}
