package dev.cairn.backup.core.proof;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.json.CanonicalJson;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.MerkleTree;
import dev.cairn.backup.core.proof.digest.RecordForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Digests of a host's own JSON documents, by the same rules as those of manifests ({@code docs/proof.md}): over the canonical form at every depth, so that no nested field can be changed unnoticed and
 * neither white space nor the order of fields matters. Documents are objects; numbers must be whole and fit into 64 bits; a field that is null counts as absent.
 */
public final class JsonDigests {

    private JsonDigests() {}

    /**
     * The canonical form.
     *
     * @throws InvalidValueException if the text is no such document
     */
    public static String canonical(String json) {
        return new String(CanonicalJson.of(parse(json)), StandardCharsets.UTF_8);
    }

    /**
     * SHA-256 of the canonical form, 64 hexadecimal digits.
     *
     * @throws InvalidValueException if the text is no such document
     */
    public static String digest(String json) {
        return RecordForm.digest(parse(json));
    }

    /**
     * The Merkle root (RFC 6962, section 2.1) over the canonical forms of documents in their order, 64 hexadecimal digits.
     *
     * @throws InvalidValueException if one of the texts is no such document
     */
    public static String merkleRoot(List<String> documents) {
        MerkleTree tree = new MerkleTree();
        documents.forEach(document -> tree.add(CanonicalJson.of(parse(document))));
        return HexFormat.of().formatHex(tree.root());
    }

    static JsonObject parse(String json) {
        try {
            return JsonObject.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InvalidValueException(
                    "JSON document",
                    json.length() <= 100 ? json : json.substring(0, 100) + "…",
                    "an object whose numbers are whole and of at most 64 bits; " + e.getMessage());
        }
    }
}
