package dev.cairn.backup.core.keys.slot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.core.crypto.Algorithms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key slot as its blob says it, whole and consistent.
 *
 * @param slot 8 random bytes in hexadecimal, also the blob's name
 * @param repository the repository's id in hexadecimal
 * @param epoch of the wrapped master secret, a u32
 * @param type the kind of the holder
 * @param label what the operator called it
 * @param created when it was made
 * @param salt 32 bytes
 * @param commitment 32 bytes; tells a wrong key from a damaged slot
 * @param wrapped the secrets, encrypted
 */
record SlotFile(
        String slot,
        String repository,
        int epoch,
        String type,
        String label,
        Instant created,
        byte[] salt,
        byte[] commitment,
        byte[] wrapped) {

    /** Far above the largest, which has 16 KiB wrapped by a vault. */
    static final int MOST_BYTES = 64 * 1024;

    static final int SALT = 32;
    static final int COMMITMENT = 32;
    static final int MOST_WRAPPED = 16 * 1024;
    static final Pattern TYPE = Pattern.compile("[a-z0-9-]{1,32}");

    private static final Pattern SLOT = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern REPOSITORY = Pattern.compile("[0-9a-f]{32}");
    private static final ObjectMapper JSON = new ObjectMapper();

    static boolean isSlot(String name) {
        return SLOT.matcher(name).matches();
    }

    byte[] slotBytes() {
        return HexFormat.of().parseHex(slot);
    }

    byte[] encode() {
        ObjectNode json = JSON.createObjectNode()
                .put("slot", slot)
                .put("repository", repository)
                .put("epoch", Integer.toUnsignedLong(epoch))
                .put("type", type)
                .put("label", label)
                .put("created", created.toString())
                .put("salt", Base64.getEncoder().encodeToString(salt))
                .put("commitment", Base64.getEncoder().encodeToString(commitment))
                .put("wrapped", Base64.getEncoder().encodeToString(wrapped));
        json.put("digest", digest(json));
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts cannot be written as JSON", e);
        }
    }

    /** The slot in the blob {@code keys/<slot>}, or empty if it is not what was written. */
    static Optional<SlotFile> decode(String slot, byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json == null || !text(json, "digest").equals(digest(json))) {
                return Optional.empty();
            }
            long epoch = json.path("epoch").asLong();
            SlotFile file = new SlotFile(
                    text(json, "slot"),
                    text(json, "repository"),
                    (int) epoch,
                    text(json, "type"),
                    text(json, "label"),
                    Instant.parse(text(json, "created")),
                    Base64.getDecoder().decode(text(json, "salt")),
                    Base64.getDecoder().decode(text(json, "commitment")),
                    Base64.getDecoder().decode(text(json, "wrapped")));
            boolean sound = file.slot.equals(slot)
                    && isSlot(slot)
                    && REPOSITORY.matcher(file.repository).matches()
                    && epoch == Integer.toUnsignedLong(file.epoch)
                    && TYPE.matcher(file.type).matches()
                    && file.salt.length == SALT
                    && file.commitment.length == COMMITMENT
                    && file.wrapped.length <= MOST_WRAPPED;
            return sound ? Optional.of(file) : Optional.empty();
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A field of a slot that may be damaged. */
    static Optional<String> fieldOf(byte[] bytes, String field) {
        try {
            JsonNode value = JSON.readTree(bytes).path(field);
            return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is no text");
        }
        return value.textValue();
    }

    private static String digest(JsonNode json) {
        JsonNode epoch = json.path("epoch");
        if (!epoch.isIntegralNumber() || !epoch.canConvertToLong()) {
            throw new IllegalArgumentException("epoch is no number");
        }
        String signed = String.join(
                "\n",
                text(json, "slot"),
                text(json, "repository"),
                Long.toString(epoch.longValue()),
                text(json, "type"),
                text(json, "label"),
                text(json, "created"),
                text(json, "salt"),
                text(json, "commitment"),
                text(json, "wrapped"));
        return HexFormat.of().formatHex(Algorithms.sha256().digest(signed.getBytes(StandardCharsets.UTF_8)));
    }

    /** Which slot; not what it wraps. */
    @Override
    public String toString() {
        return type + " '" + label + "' (slot " + slot + ", made " + created + ")";
    }
}
