package dev.cairn.backup.core.hostile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.core.chunk.ChunkId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A snapshot in the making that goes into a repository past all that would refuse to write it. */
final class Forgery {

    private final Map<String, List<RawEntry>> listings = new LinkedHashMap<>();
    private final List<Consumer<ObjectNode>> changes = new ArrayList<>();
    private UnaryOperator<byte[]> last = UnaryOperator.identity();
    private @Nullable Function<PackedForging, ChunkId> root;
    private Harm afterwards = folder -> {};

    /** Something that is done to the files of a snapshot. */
    interface Harm {
        void to(Path snapshot) throws IOException;
    }

    /** The root of the tree's listing, made of chunks of whatever bytes; only a packed repository has one. */
    Forgery root(Function<PackedForging, ChunkId> made) {
        root = made;
        return this;
    }

    @Nullable
    Function<PackedForging, ChunkId> root() {
        return root;
    }

    /** Done to the snapshot's files when all are there; only a browsable repository has them. */
    Forgery afterwards(Harm harm) {
        afterwards = harm;
        return this;
    }

    Harm afterwards() {
        return afterwards;
    }

    /** Instead of what the honest snapshot has of a dataset. */
    Forgery listing(String dataset, RawEntry... entries) {
        listings.put(dataset, List.of(entries));
        return this;
    }

    /** The tree, which begins with its root. */
    Forgery tree(RawEntry... entries) {
        List<RawEntry> all = new ArrayList<>(List.of(RawEntry.folder("")));
        all.addAll(List.of(entries));
        listings.put("files", all);
        return this;
    }

    /** A change of the manifest. */
    Forgery manifest(Consumer<ObjectNode> change) {
        changes.add(change);
        return this;
    }

    /** A change of what the manifest says of the tree. */
    Forgery summary(Consumer<ObjectNode> change) {
        return manifest(manifest -> change.accept(summary(manifest, "files")));
    }

    /** Another text in the place of a word that an earlier change has put. */
    Forgery text(String word, String replacement) {
        last = bytes -> new String(bytes, StandardCharsets.UTF_8)
                .replace(word, replacement)
                .getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Map<String, List<RawEntry>> listings() {
        return listings;
    }

    /** The honest manifest with all changes. */
    byte[] changed(ObjectNode honest) throws IOException {
        changes.forEach(change -> change.accept(honest));
        return last.apply(HostilePlace.JSON.writeValueAsBytes(honest));
    }

    static ObjectNode summary(ObjectNode manifest, String dataset) {
        for (var node : manifest.withArray("datasets")) {
            if (node.path("name").asText().equals(dataset)) {
                return (ObjectNode) node;
            }
        }
        throw new AssertionError("the honest manifest has no " + dataset);
    }
}
