package dev.cairn.backup.examples.sonia.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A backup of the gateway as JSON that people can read: the body, and a manifest with its counts and digest.
 *
 * @param backupId the backup's id
 * @param timestamp when the state was captured
 * @param state the state
 */
record GatewayFile(String backupId, Instant timestamp, GatewayState state) {

    private static final String MANIFEST = "manifest";

    /** The body, without manifest. */
    private ObjectNode body() {
        ObjectNode body = GatewayState.MAPPER.valueToTree(state);
        return body.put("backup_id", backupId).put("timestamp", timestamp.toString());
    }

    /** What the body holds, and its digest. */
    ObjectNode manifest() {
        return GatewayState.MAPPER
                .createObjectNode()
                .put("sessions_count", state.sessions().size())
                .put("confirmations_count", state.confirmations().size())
                .put("dlq_count", state.dlq().size())
                .put("breakers_count", state.breakers().size())
                .put("sha256", sha256(body()));
    }

    /** The whole file. */
    byte[] bytes() {
        ObjectNode file = body();
        file.set(MANIFEST, manifest());
        return (file.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** SHA-256 of a body as compact JSON in UTF-8 with the keys of every object in order: what {@code json.dumps(body, sort_keys=True, separators=(',', ':'), ensure_ascii=False)} gives in Python. */
    static String sha256(JsonNode body) {
        try {
            Object sorted = GatewayState.MAPPER.treeToValue(body, Object.class);
            byte[] bytes = GatewayState.MAPPER.writeValueAsBytes(sorted);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a JSON tree that cannot be written", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /**
     * Reads a file and compares it with its manifest. One without a manifest is taken as it is.
     *
     * @throws InvalidValueException if it is none, or not what its manifest says
     */
    static GatewayFile read(JsonNode file) {
        if (!(file instanceof ObjectNode object) || !object.path("dlq").isArray()) {
            throw new InvalidValueException("backup", kind(file), "a backup's JSON, an object with the array 'dlq'");
        }
        ObjectNode body = object.deepCopy();
        JsonNode manifest = body.remove(MANIFEST);
        String digest = sha256(body);
        if (manifest != null && !manifest.path("sha256").asText().equals(digest)) {
            throw new InvalidValueException(
                    "sha256 of the backup", digest, "what its manifest says: " + manifest.path("sha256"));
        }
        for (String list : new String[] {"sessions", "confirmations", "breakers"}) {
            if (!body.path(list).isArray()) {
                throw new InvalidValueException("'" + list + "' of the backup", body.path(list), "an array");
            }
        }
        try {
            return new GatewayFile(
                    body.path("backup_id").asText(),
                    Instant.parse(body.path("timestamp").asText()),
                    GatewayState.MAPPER.treeToValue(body, GatewayState.class));
        } catch (JsonProcessingException e) {
            throw new InvalidValueException(
                    "backup", e.getOriginalMessage(), "a backup's JSON as POST /v1/backups writes it");
        } catch (DateTimeParseException e) {
            throw new InvalidValueException(
                    "backup", String.valueOf(e.getMessage()), "a backup's JSON with a timestamp");
        }
    }

    private static String kind(JsonNode file) {
        return file.isMissingNode() ? "nothing" : file.getNodeType().toString().toLowerCase(Locale.ROOT);
    }
}
