package dev.cairn.backup.core.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Manifests that were written before they had roots. */
class OlderManifestsTest {

    private final MemoryBlobStore store = new MemoryBlobStore();
    private SnapshotProof before = new SnapshotProof(java.util.Optional.empty(), List.of(), "");

    @BeforeEach
    void aSnapshotOfToday() {
        Written.snapshot(
                BrowsableRepository.at(store), "one", FakeDataset.of("config").file("a.txt", "aaaa"));
        before = proof();
    }

    private SnapshotProof proof() {
        return BrowsableRepository.at(store).proofs().orElseThrow().proof(SnapshotId.of("one"));
    }

    private void older(boolean datasetsToo) {
        JsonNode manifest = Written.json(store, "one");
        ((ObjectNode) manifest).remove("root");
        if (datasetsToo) {
            manifest.path("datasets").forEach(dataset -> ((ObjectNode) dataset).remove("root"));
        }
        store.damage(Written.manifest("one"), Written.forged(manifest));
    }

    @Test
    void theyAreReadListedAndHaveADigest() {
        older(true);
        assertEquals(Map.of("config/a.txt", "aaaa"), Written.contents(BrowsableRepository.at(store), "one"));
        assertTrue(BrowsableRepository.at(store).list().get(0) instanceof StoredSnapshot.Committed);
        assertTrue(proof().root().isEmpty());
        assertFalse(proof().digest().equals(before.digest()));
        SnapshotProof older = proof();
        JsonNode manifest = Written.json(store, "one");
        ((ObjectNode) manifest.path("datasets").path(0).path("listing").path(0)).put("checksum", "0".repeat(64));
        store.damage(Written.manifest("one"), Written.forged(manifest));
        assertFalse(proof().digest().equals(older.digest()), "the digest commits to the listing all the same");
    }

    @Test
    void oneThatLostTheRootOfItsDatasetsOnlyIsDamaged() {
        JsonNode manifest = Written.json(store, "one");
        manifest.path("datasets").forEach(dataset -> ((ObjectNode) dataset).remove("root"));
        store.damage(Written.manifest("one"), Written.forged(manifest));
        assertThrows(DamagedSnapshotException.class, this::proof);
    }

    @Test
    void aListingThatDoesNotFitItsRootIsDamaged() {
        JsonNode manifest = Written.json(store, "one");
        ((ObjectNode) manifest.path("datasets").path(0).path("listing").path(0)).put("size", 5);
        store.damage(Written.manifest("one"), Written.forged(manifest));
        assertThrows(DamagedSnapshotException.class, this::proof);
        assertTrue(BrowsableRepository.at(store).list().get(0) instanceof StoredSnapshot.Invalid);
    }
}
