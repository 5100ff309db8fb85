package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
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

    static boolean isSlot(String name) {
        return SLOT.matcher(name).matches();
    }

    byte[] slotBytes() {
        return HexFormat.of().parseHex(slot);
    }

    byte[] encode() {
        JsonObject json = new JsonObject()
                .put("slot", slot)
                .put("repository", repository)
                .put("epoch", Integer.toUnsignedLong(epoch))
                .put("type", type)
                .put("label", label)
                .put("created", created.toString())
                .put("salt", Base64.getEncoder().encodeToString(salt))
                .put("commitment", Base64.getEncoder().encodeToString(commitment))
                .put("wrapped", Base64.getEncoder().encodeToString(wrapped));
        try {
            return json.put("digest", digest(json)).toBytes();
        } catch (JsonFormatException e) {
            throw new IllegalStateException("a slot without one of its fields", e);
        }
    }

    /** The slot in the blob {@code keys/<slot>}, or empty if it is not what was written. */
    static Optional<SlotFile> decode(String slot, byte[] bytes) {
        try {
            JsonObject json = JsonObject.parse(bytes);
            if (!json.text("digest").equals(digest(json))) {
                return Optional.empty();
            }
            long epoch = json.number("epoch");
            SlotFile file = new SlotFile(
                    json.text("slot"),
                    json.text("repository"),
                    (int) epoch,
                    json.text("type"),
                    json.text("label"),
                    Instant.parse(json.text("created")),
                    Base64.getDecoder().decode(json.text("salt")),
                    Base64.getDecoder().decode(json.text("commitment")),
                    Base64.getDecoder().decode(json.text("wrapped")));
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
            return JsonObject.parse(bytes).optionalText(field);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String digest(JsonObject json) throws JsonFormatException {
        String signed = String.join(
                "\n",
                json.text("slot"),
                json.text("repository"),
                Long.toString(json.number("epoch")),
                json.text("type"),
                json.text("label"),
                json.text("created"),
                json.text("salt"),
                json.text("commitment"),
                json.text("wrapped"));
        return HexFormat.of().formatHex(Algorithms.sha256().digest(signed.getBytes(StandardCharsets.UTF_8)));
    }

    /** Which slot; not what it wraps. */
    @Override
    public String toString() {
        return type + " '" + label + "' (slot " + slot + ", made " + created + ")";
    }
}
