package dev.cairn.backup.core.browse;

import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.core.json.CanonicalJson;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.ManifestProof;
import dev.cairn.backup.core.proof.digest.MerkleTree;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a {@code manifest.json} proves. The leaf of an entry is the canonical JSON of its line, with its checksum; the root over a dataset's lines stands for its listing, so that the canonical
 * form of a manifest has the size of its datasets and not of its files: all fields but {@code digest}, each dataset with its {@code root} and without its {@code listing}.
 */
final class FileProof {

    private FileProof() {}

    /** The Merkle root over the lines of a dataset. */
    static String root(List<StoredEntry> listing) {
        MerkleTree tree = new MerkleTree();
        listing.forEach(line -> tree.add(CanonicalJson.of(json(line))));
        return HexFormat.of().formatHex(tree.root());
    }

    /** The Merkle root over the datasets of a manifest whose datasets have theirs. */
    static String root(ManifestFile file) {
        try {
            return ManifestProof.add(ManifestCodec.withoutListings(file), List.of())
                    .text("root");
        } catch (IOException e) {
            throw new IllegalStateException("a manifest of plain values cannot be written", e);
        }
    }

    /**
     * The proof of a manifest; one of a version without roots has the digest that it would have with the roots of its datasets.
     *
     * @throws JsonFormatException if a root is not that of its lines
     * @throws dev.cairn.backup.InvalidValueException the same
     */
    static SnapshotProof of(ManifestFile file) throws IOException {
        JsonObject json = ManifestCodec.withoutListings(file);
        List<JsonObject> datasets = json.objects("datasets");
        for (int i = 0; i < datasets.size(); i++) {
            String root = root(file.datasets().get(i).listing());
            String stored = file.datasets().get(i).root();
            if (stored == null ? file.root() != null : !stored.equals(root)) {
                throw new IllegalArgumentException("the root of dataset '"
                        + file.datasets().get(i).name() + "' is " + stored + ", but " + root + " is that of its lines");
            }
            datasets.get(i).put("root", root);
        }
        return ManifestProof.of(json);
    }

    private static JsonObject json(StoredEntry line) {
        return new JsonObject()
                .put("path", line.path())
                .put("type", line.type().name())
                .put("size", line.size())
                .put("stored", line.stored())
                .put("checksum", line.checksum())
                .put("target", line.target())
                .put("modified", line.modified())
                .put("mode", line.mode())
                .put("owner", line.owner())
                .put("group", line.group())
                .put("changed", line.changed())
                .put("fileKey", line.fileKey());
    }
}
