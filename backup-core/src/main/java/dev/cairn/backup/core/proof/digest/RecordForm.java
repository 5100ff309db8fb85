package dev.cairn.backup.core.proof.digest;

import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.core.json.CanonicalJson;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** How links and signatures stand in JSON, and what the digest of an object is. */
public final class RecordForm {

    private RecordForm() {}

    /** SHA-256 of the canonical form, in hexadecimal digits. */
    public static String digest(JsonObject object) {
        return HexFormat.of().formatHex(MerkleTree.sha256().digest(CanonicalJson.of(object)));
    }

    /** A record that guards itself against damage: the canonical form with the digest of all other fields. */
    public static byte[] digested(JsonObject record) {
        return CanonicalJson.of(record.put("digest", digest(record)));
    }

    /** A link. */
    public static JsonObject json(SnapshotLink link) {
        return new JsonObject()
                .put("id", link.id().value())
                .put("sequence", link.sequence())
                .put("digest", link.digest());
    }

    /** Links in their order. */
    public static List<JsonObject> json(List<SnapshotLink> links) {
        return links.stream().map(RecordForm::json).toList();
    }

    /**
     * A link.
     *
     * @throws JsonFormatException if a field is absent or of another type
     * @throws dev.cairn.backup.InvalidValueException if a value is not allowed
     */
    public static SnapshotLink link(JsonObject json) throws JsonFormatException {
        return new SnapshotLink(SnapshotId.of(json.text("id")), json.number("sequence"), json.text("digest"));
    }

    /** Links in their order; fails as {@link #link} does. */
    public static List<SnapshotLink> links(List<JsonObject> all) throws JsonFormatException {
        List<SnapshotLink> links = new ArrayList<>();
        for (JsonObject json : all) {
            links.add(link(json));
        }
        return links;
    }

    /** A signature. */
    public static JsonObject json(Receipt.Signature signature) {
        return new JsonObject()
                .put("keyId", signature.keyId())
                .put("algorithm", signature.algorithm().label())
                .put("value", signature.value());
    }

    /**
     * A signature.
     *
     * @throws JsonFormatException if a field is absent or of another type
     * @throws IllegalArgumentException if the algorithm is unknown
     * @throws dev.cairn.backup.InvalidValueException if a value is not allowed
     */
    public static Receipt.Signature signature(JsonObject json) throws JsonFormatException {
        String label = json.text("algorithm");
        Receipt.Algorithm algorithm = Arrays.stream(Receipt.Algorithm.values())
                .filter(known -> known.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the algorithm '" + label + "' is unknown"));
        return new Receipt.Signature(json.text("keyId"), algorithm, json.text("value"));
    }
}
