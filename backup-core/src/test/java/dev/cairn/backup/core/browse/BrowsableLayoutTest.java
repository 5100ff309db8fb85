package dev.cairn.backup.core.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HALO asks of the folder, and MagDS of the checksums. */
class BrowsableLayoutTest {

    private final MemoryBlobStore store = new MemoryBlobStore();

    @Test
    void filesLieWhereAPersonLooksForThem() {
        Written.snapshot(
                BrowsableRepository.at(store),
                "one",
                twoFiles(),
                FakeDataset.of("db").file("x.db", "xx"));
        assertEquals(
                List.of(
                        "one/manifest.json",
                        "one/snapshot/config/a.json",
                        "one/snapshot/config/sub/b c.txt".replace(" ", "%20"),
                        "one/snapshot/db/x.db"),
                names().stream().filter(name -> name.startsWith("one/")).toList());
        assertEquals("hello", text("one/snapshot/config/a.json"));
    }

    @Test
    void theManifestTellsAllThatTheRunbookNames() throws Exception {
        Written.snapshot(BrowsableRepository.at(store), "one", twoFiles());
        JsonNode manifest = Written.json(store, "one");
        assertEquals("one", manifest.path("id").asText());
        assertEquals("2026-02-18T09:00:00.123Z", manifest.path("createdAt").asText());
        assertEquals("[\"config\"]", manifest.path("includedPaths").toString());
        assertEquals(2, manifest.path("fileCount").asLong());
        assertEquals(5 + 8, manifest.path("totalBytes").asLong());
        assertEquals("SHA-256", manifest.path("checksumAlgorithm").asText());
        JsonNode file = manifest.path("datasets").path(0).path("listing").path(0);
        assertEquals("a.json", file.path("path").asText());
        assertEquals("one/snapshot/config/a.json", file.path("stored").asText());
        assertEquals(hex("SHA-256", "hello"), file.path("checksum").asText());
    }

    @Test
    void theManifestTellsWhereEachDatasetLayUnlessItWasInMemory() throws Exception {
        Location place = new Location(URI.create("file:///srv/app/config"), "disk");
        Written.snapshot(BrowsableRepository.at(store), "one", twoFiles().location(place), FakeDataset.of("memory"));
        JsonNode datasets = Written.json(store, "one").path("datasets");
        assertEquals("file:///srv/app/config", datasets.path(0).path("source").asText());
        assertTrue(datasets.path(1).path("source").isMissingNode());
        assertEquals(2, Written.contents(BrowsableRepository.at(store), "one").size(), "which its digest covers");
    }

    @Test
    void theManifestIsTheLastThingWritten() {
        List<String> puts = new ArrayList<>();
        FaultyBlobStore watched = FaultyBlobStore.over(store).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT) {
                synchronized (puts) {
                    puts.add(call.name());
                }
            }
        });
        Written.snapshot(BrowsableRepository.at(watched), "one", twoFiles());
        assertEquals("one/manifest.json", puts.get(puts.size() - 1));
        assertEquals(
                1, puts.stream().filter(name -> name.endsWith("manifest.json")).count());
    }

    @ParameterizedTest
    @CsvSource({"sha256,SHA-256", "SHA-512,SHA-512", "sha512,SHA-512", "sha3-256,SHA3-256", "md5,MD5"})
    void checksumsAreOfTheChosenAlgorithm(String given, String canonical) throws Exception {
        BrowsableRepository repository = BrowsableRepository.at(store).checksum(given);
        Written.snapshot(repository, "one", twoFiles());
        JsonNode manifest = Written.json(store, "one");
        assertEquals(canonical, manifest.path("checksumAlgorithm").asText());
        assertEquals(
                hex(canonical, "hello"),
                manifest.path("datasets")
                        .path(0)
                        .path("listing")
                        .path(0)
                        .path("checksum")
                        .asText());
        assertEquals(
                Map.of("config/a.json", "hello", "config/sub/b c.txt", "goodbye!"),
                Written.contents(BrowsableRepository.at(store), "one"),
                "a repository with another algorithm reads it too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha257", "", "crc32", "SHA-256 "})
    void anUnknownAlgorithmIsRefusedBeforeAnythingIsWritten(String name) {
        ConfigurationException thrown = assertThrows(
                ConfigurationException.class,
                () -> BrowsableRepository.at(store).checksum(name));
        assertTrue(thrown.getMessage().contains("'" + name + "'"), thrown.getMessage());
        assertEquals(List.of(), names());
    }

    @Test
    void aStoreThatHoldsSomethingElseIsRefused() {
        store.putIfAbsent(
                BlobName.of(".cairn/repository.json"), BlobContent.of("{\"format\":\"cairn-packed\",\"version\":1}"));
        StoreException thrown = assertThrows(
                StoreException.class, () -> BrowsableRepository.at(store).open());
        assertEquals(StoreException.Reason.UNSUPPORTED, thrown.reason());
    }

    @Test
    void aNewerRepositoryIsRefusedAndLeftAlone() {
        String newer = "{\"format\":\"cairn-browsable\",\"version\":2}";
        store.putIfAbsent(BlobName.of(".cairn/repository.json"), BlobContent.of(newer));
        assertThrows(
                UnsupportedFormatException.class,
                () -> BrowsableRepository.at(store).open());
        assertEquals(newer, text(".cairn/repository.json"));
        assertEquals(1, names().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOTHING_STORED", "LOST_UNKNOWN", "STORED_UNKNOWN", "STORED_BUT_FAILS"})
    void aRepositoryWhoseMakingWasTornIsMadeByTheNextOpen(String tear) {
        FaultyBlobStore faulty = FaultyBlobStore.over(store).tearAt(1, FaultyBlobStore.Tear.valueOf(tear));
        BrowsableRepository repository = BrowsableRepository.at(faulty);
        try {
            repository.open();
        } catch (StoreException allowed) {
            // The only type that open() names for a store that does not do its part.
        }
        repository.open();
        Written.snapshot(repository, "one", twoFiles());
        assertEquals(2, Written.contents(repository, "one").size());
    }

    @Test
    void openingTwiceAtOnceMakesOneRepository() {
        BrowsableRepository first = BrowsableRepository.at(store);
        FaultyBlobStore racing = FaultyBlobStore.over(store);
        racing.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT) {
                first.open();
            }
        });
        BrowsableRepository.at(racing).open();
        assertEquals(List.of(".cairn/repository.json"), names());
    }

    @Test
    void foldersThatAreNoSnapshotIdsAreNotListed() {
        BrowsableRepository repository = BrowsableRepository.at(store);
        Written.snapshot(repository, "one", twoFiles());
        store.putIfAbsent(BlobName.of(".DS_Store"), BlobContent.of("x"));
        store.putIfAbsent(BlobName.of("@eaDir/x"), BlobContent.of("x"));
        assertEquals(
                List.of(SnapshotId.of("one")),
                repository.list().stream().map(stored -> stored.id()).toList());
    }

    private static FakeDataset twoFiles() {
        return FakeDataset.of("config").file("a.json", "hello").file("sub/b c.txt", "goodbye!");
    }

    private List<String> names() {
        return store.list("").stream().map(BlobInfo::name).map(BlobName::value).toList();
    }

    private String text(String blob) {
        return new String(store.bytes(BlobName.of(blob)), StandardCharsets.UTF_8);
    }

    private static String hex(String algorithm, String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
