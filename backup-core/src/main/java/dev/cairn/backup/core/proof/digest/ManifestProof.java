package dev.cairn.backup.core.proof.digest;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.core.json.CanonicalJson;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The fields {@code root} and {@code previous} of a manifest, and its digest. A dataset's leaf is the canonical JSON of its object in the manifest, which holds the root of its listing and so
 * commits to every path, attribute and byte; nothing of the content is read.
 */
public final class ManifestProof {

    private static final String ROOT = "root";
    private static final String PREVIOUS = "previous";

    private ManifestProof() {}

    /** Adds both fields to a manifest that has all others. */
    public static JsonObject add(JsonObject manifest, List<SnapshotLink> previous) {
        try {
            manifest.put(ROOT, root(manifest));
        } catch (JsonFormatException e) {
            throw new IllegalStateException("a manifest has datasets", e);
        }
        return previous.isEmpty() ? manifest : manifest.put(PREVIOUS, RecordForm.json(previous));
    }

    /**
     * The proof of a manifest as it was read, whatever other fields it has.
     *
     * @throws JsonFormatException if its root is not that of its datasets, or a field is not what it should be
     */
    public static SnapshotProof of(JsonObject manifest) throws JsonFormatException {
        Optional<String> root = manifest.optionalText(ROOT);
        if (root.isPresent() && !root.get().equals(root(manifest))) {
            throw new InvalidValueException("root", root.get(), root(manifest) + ", the Merkle root of its datasets");
        }
        return new SnapshotProof(root, previous(manifest), RecordForm.digest(manifest));
    }

    /**
     * What a manifest continues.
     *
     * @throws JsonFormatException if the field is not what it should be
     */
    public static List<SnapshotLink> previous(JsonObject manifest) throws JsonFormatException {
        return manifest.has(PREVIOUS) ? RecordForm.links(manifest.objects(PREVIOUS)) : List.of();
    }

    private static String root(JsonObject manifest) throws JsonFormatException {
        MerkleTree tree = new MerkleTree();
        manifest.objects("datasets").forEach(dataset -> tree.add(CanonicalJson.of(dataset)));
        return HexFormat.of().formatHex(tree.root());
    }
}
