package dev.cairn.backup.core.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No reader ever returns wrong bytes: right bytes, or a typed error that names what is damaged. */
class ManifestDamageTest {

    private static final Map<String, String> RIGHT = Map.of("config/a.txt", "aaaa", "config/b.txt", "bbbb");

    private final MemoryBlobStore store = new MemoryBlobStore();

    @BeforeEach
    void write() {
        Written.snapshot(
                repository(),
                "one",
                FakeDataset.of("config").file("a.txt", "aaaa").file("b.txt", "bbbb"));
        Written.snapshot(
                repository(),
                "two",
                FakeDataset.of("config").file("a.txt", "cccc").file("b.txt", "dddd"));
    }

    @Test
    void anUnknownIdIsNotFound() {
        SnapshotNotFoundException thrown =
                assertThrows(SnapshotNotFoundException.class, () -> repository().read(SnapshotId.of("three")));
        assertTrue(thrown.getMessage().contains("three"), thrown.getMessage());
    }

    @Test
    void aMissingManifestIsDamageAndListedAsUnfinished() {
        store.delete(Written.manifest("one"));
        DamagedSnapshotException thrown = damaged();
        assertEquals("one/manifest.json", thrown.damaged());
        assertTrue(invalid("one").unfinished());
    }

    @Test
    void aManifestCutAnywhereIsDamage() {
        byte[] whole = store.bytes(Written.manifest("one"));
        for (int length = 0; length < whole.length; length += 97) {
            store.damage(Written.manifest("one"), Arrays.copyOf(whole, length));
            damaged();
            assertFalse(invalid("one").unfinished(), "cut to " + length);
        }
    }

    @Test
    void anyByteOfTheManifestThatFlipsIsNoticed() {
        byte[] whole = store.bytes(Written.manifest("one"));
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << (at % 8));
            store.damage(Written.manifest("one"), flipped);
            int place = at;
            BackupException thrown = assertThrows(
                    BackupException.class, () -> Written.contents(repository(), "one"), () -> "flipped at " + place);
            assertTrue(
                    thrown instanceof DamagedSnapshotException || thrown instanceof UnsupportedFormatException,
                    () -> "flipped at " + place + ": " + thrown);
            assertEquals(SnapshotId.of("one"), thrown.snapshot().orElseThrow());
        }
    }

    @Test
    void aNewerFormatIsToldApartFromDamage() {
        String text = new String(store.bytes(Written.manifest("one")), StandardCharsets.UTF_8);
        String newer = text.replaceFirst("\"formatVersion\" : 1", "\"formatVersion\" : 2");
        store.damage(Written.manifest("one"), newer.getBytes(StandardCharsets.UTF_8));
        UnsupportedFormatException thrown = assertThrows(
                UnsupportedFormatException.class, () -> repository().read(SnapshotId.of("one")));
        assertTrue(thrown.getMessage().contains("2"), thrown.getMessage());
        assertFalse(invalid("one").unfinished());
        assertEquals(Map.of("config/a.txt", "cccc", "config/b.txt", "dddd"), Written.contents(repository(), "two"));
    }

    @Test
    void swappedManifestsAreNoticed() {
        byte[] first = store.bytes(Written.manifest("one"));
        store.damage(Written.manifest("one"), store.bytes(Written.manifest("two")));
        store.damage(Written.manifest("two"), first);
        assertTrue(damaged().getMessage().contains("two"));
        assertEquals(
                2,
                repository().list().stream()
                        .filter(StoredSnapshot.Invalid.class::isInstance)
                        .count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two/snapshot/config/a.txt",
                "one/snapshot/../../two/snapshot/config/a.txt",
                "/etc/passwd",
                "../one/snapshot/config/a.txt",
                "C:/x",
                "one/manifest.json",
                "one/snapshot/config/b.txt",
                ".cairn/repository.json",
                "one/snapshot/config/none.txt",
                ""
            })
    void aForgedPlaceOfContentIsNeverFollowed(String stored) {
        forge(manifest -> line(manifest).put("stored", stored));
        damaged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.txt", "/a.txt", "x/../../a.txt", "a//b", ".", "b.txt", "z\u0000"})
    void aForgedPathIsRefused(String path) {
        forge(manifest -> line(manifest).put("path", path));
        damaged();
    }

    @ParameterizedTest
    @CsvSource({
        "size,3",
        "size,5",
        "size,-1",
        "checksum,00",
        "mode,9",
        "mode,4755",
        "modified,yesterday",
        "type,DIRECTORY",
        "type,SOCKET"
    })
    void forgedFactsOfAFileAreNoticed(String field, String value) {
        forge(manifest -> {
            if (value.matches("-?[0-9]") && field.equals("size")) {
                line(manifest).put(field, Long.parseLong(value));
            } else {
                line(manifest).put(field, value);
            }
        });
        damaged();
    }

    @ParameterizedTest
    @CsvSource({
        "id,../x",
        "id,two",
        "createdAt,never",
        "trigger,WHY",
        "format,other",
        "checksumAlgorithm,crc99",
        "parent,a/b"
    })
    void forgedFactsOfTheSnapshotAreNoticed(String field, String value) {
        forge(manifest -> ((ObjectNode) manifest).put(field, value));
        assertThrows(BackupException.class, () -> Written.contents(repository(), "one"));
    }

    @Test
    void aForgedManifestThatChangesNothingIsReadable() {
        forge(manifest -> {});
        assertEquals(RIGHT, Written.contents(repository(), "one"), "the forging itself is not what is noticed");
    }

    /** Each field of the manifest in turn is left out, then null: the error is typed or, for what may be absent, the bytes are right. */
    @Test
    void aForgedManifestThatLacksAnyFieldGivesATypedErrorOrTheRightBytes() {
        byte[] whole = store.bytes(Written.manifest("one"));
        for (String pointer : fields(Written.json(store, "one"), "")) {
            for (boolean asNull : new boolean[] {false, true}) {
                store.damage(Written.manifest("one"), whole);
                forge(manifest -> {
                    int slash = pointer.lastIndexOf('/');
                    ObjectNode owner = (ObjectNode) manifest.at(pointer.substring(0, slash));
                    if (asNull) {
                        owner.putNull(pointer.substring(slash + 1));
                    } else {
                        owner.remove(pointer.substring(slash + 1));
                    }
                });
                assertRightOrTyped(pointer + (asNull ? " null" : " left out"));
            }
        }
    }

    private void assertRightOrTyped(String what) {
        try {
            Map<String, String> read = new TreeMap<>(Written.contents(repository(), "one"));
            assertTrue(RIGHT.entrySet().containsAll(read.entrySet()), () -> what + ": " + read);
        } catch (BackupException typed) {
            assertFalse(typed.getMessage().isBlank());
        } catch (RuntimeException untyped) {
            throw new AssertionError(what + ": an untyped error", untyped);
        }
        try {
            repository().list();
        } catch (RuntimeException e) {
            throw new AssertionError(what + ": list() must go on for the others", e);
        }
    }

    @Test
    void aFileThatIsListedTwiceIsNoticed() {
        forge(manifest -> listing(manifest).add(line(manifest).deepCopy()));
        damaged();
    }

    @Test
    void damageOfContentIsFoundAlthoughMetadataIsCached() {
        BrowsableRepository repository = repository();
        assertEquals(2, repository.list().size());
        assertEquals(RIGHT, Written.contents(repository, "one"));
        store.damage(BlobName.of("one/snapshot/config/a.txt"), "aaab".getBytes(StandardCharsets.UTF_8));
        assertEquals(2, repository.list().size());
        DamagedSnapshotException thrown =
                assertThrows(DamagedSnapshotException.class, () -> Written.contents(repository, "one"));
        assertEquals("config/a.txt", thrown.damaged());
    }

    @Test
    void metadataIsReadOnceAsLongAsManifestsKeepTheirSize() {
        var counted = dev.cairn.backup.testkit.FaultyBlobStore.over(store);
        BrowsableRepository repository = BrowsableRepository.at(counted);
        List<StoredSnapshot> first = repository.list();
        long reads = counted.calls(dev.cairn.backup.testkit.FaultyBlobStore.Operation.READ);
        assertEquals(first, repository.list());
        assertEquals(reads, counted.calls(dev.cairn.backup.testkit.FaultyBlobStore.Operation.READ));
        store.damage(Written.manifest("one"), new byte[] {'{'});
        assertInstanceOf(StoredSnapshot.Invalid.class, repository.list().get(0));
    }

    @Test
    void theManifestOfACachedSnapshotIsStillCheckedWhenItIsRead() {
        BrowsableRepository repository = repository();
        repository.list();
        byte[] bytes = store.bytes(Written.manifest("one"));
        bytes[bytes.length / 2] ^= 1;
        store.damage(Written.manifest("one"), bytes);
        assertThrows(DamagedSnapshotException.class, () -> repository.read(SnapshotId.of("one")));
    }

    private BrowsableRepository repository() {
        return BrowsableRepository.at(store);
    }

    private DamagedSnapshotException damaged() {
        return assertThrows(DamagedSnapshotException.class, () -> Written.contents(repository(), "one"));
    }

    private StoredSnapshot.Invalid invalid(String id) {
        return repository().list().stream()
                .filter(stored -> stored.id().equals(SnapshotId.of(id)))
                .map(StoredSnapshot.Invalid.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private void forge(java.util.function.Consumer<JsonNode> change) {
        JsonNode manifest = Written.json(store, "one");
        change.accept(manifest);
        store.damage(Written.manifest("one"), Written.forged(manifest));
    }

    private static ArrayNode listing(JsonNode manifest) {
        return (ArrayNode) manifest.path("datasets").path(0).path("listing");
    }

    private static ObjectNode line(JsonNode manifest) {
        return (ObjectNode) listing(manifest).path(0);
    }

    private static List<String> fields(JsonNode node, String pointer) {
        List<String> all = new java.util.ArrayList<>();
        if (node.isObject()) {
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!name.equals("digest")) {
                    all.add(pointer + "/" + name);
                    all.addAll(fields(node.get(name), pointer + "/" + name));
                }
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            all.addAll(fields(node.get(i), pointer + "/" + i));
        }
        return all;
    }
}
