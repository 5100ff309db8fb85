package dev.cairn.backup.core.keys.slot;

import static dev.cairn.backup.core.keys.slot.TestHolders.environment;
import static dev.cairn.backup.core.keys.slot.TestHolders.keyFile;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.core.crypto.Hkdf;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.core.keys.slot.TestHolders.TestVault;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import dev.cairn.backup.testkit.FaultyBlobStore.Tear;
import dev.cairn.backup.testkit.FixedKeys;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeySlotsTest {

    private static final byte[] REPOSITORY = Arrays.copyOf(FixedKeys.secret("repository"), 16);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final RepositorySecrets secrets = RepositorySecrets.random();

    private void create(KeyProvider... holders) {
        KeySlots.create(store, REPOSITORY, secrets, List.of(holders));
    }

    private RepositorySecrets open(KeyProvider... holders) {
        return KeySlots.open(store, REPOSITORY, List.of(holders));
    }

    private Reason refusal(KeyProvider... holders) {
        return assertThrows(KeyException.class, () -> open(holders)).reason();
    }

    private BlobName onlySlot() {
        List<BlobInfo> slots = store.list("keys");
        assertEquals(1, slots.size());
        return slots.get(0).name();
    }

    private byte[] bytes(BlobName name) {
        return store.readRange(name, 0, (int) store.stat(name).orElseThrow().size());
    }

    private void replace(BlobName name, byte[] bytes) {
        store.delete(name);
        store.putIfAbsent(name, BlobContent.of(bytes));
    }

    @Test
    void eachOfTheKeysOpensANewRepositoryAndAnotherDoesNot() {
        TestVault vault = new TestVault(7);
        create(keyFile("a"), environment("b"), vault);
        assertEquals(3, store.list("keys").size());
        for (KeyProvider holder : List.of(keyFile("a"), environment("b"), vault)) {
            RepositorySecrets opened = open(holder);
            assertArrayEquals(secrets.joined(), opened.joined());
            assertEquals(1, opened.epoch());
        }
        assertEquals(Reason.WRONG, refusal(keyFile("c")));
    }

    @Test
    void aSecretThatMovedToAnotherHolderStillOpens() {
        create(keyFile("a"));
        assertArrayEquals(secrets.joined(), open(environment("a")).joined());
    }

    @Test
    void theFirstKeyThatFitsOpensWhateverTheOthersDo() {
        create(keyFile("a"));
        TestVault down = new TestVault(1);
        down.down = new IllegalStateException("no network");
        assertArrayEquals(
                secrets.joined(),
                open(TestHolders.empty(), keyFile("c"), down, keyFile("a")).joined());
    }

    /** By the words of docs/repository-format.md, section 3, with nothing of ours but HKDF. */
    @Test
    void aSlotIsWhatTheFormatSays() throws Exception {
        create(keyFile("a"));
        JsonNode json = JSON.readTree(bytes(onlySlot()));
        assertEquals("keys/" + json.get("slot").textValue(), onlySlot().value());
        assertTrue(json.get("slot").textValue().matches("[0-9a-f]{16}"));
        String signed = String.join(
                "\n",
                json.get("slot").textValue(),
                HexFormat.of().formatHex(REPOSITORY),
                "1",
                "key-file",
                json.get("label").textValue(),
                json.get("created").textValue(),
                json.get("salt").textValue(),
                json.get("commitment").textValue(),
                json.get("wrapped").textValue());
        assertEquals(
                HexFormat.of().formatHex(Algorithms.sha256().digest(signed.getBytes(StandardCharsets.UTF_8))),
                json.get("digest").textValue());
        ByteArrayOutputStream ikm = new ByteArrayOutputStream();
        ikm.writeBytes(FixedKeys.secret("a"));
        ikm.writeBytes(Base64.getDecoder().decode(json.get("salt").textValue()));
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes("cairn 1 slot".getBytes(StandardCharsets.US_ASCII));
        info.writeBytes(REPOSITORY);
        info.writeBytes(HexFormat.of().parseHex(json.get("slot").textValue()));
        info.writeBytes(new byte[] {0, 0, 0, 1});
        byte[] okm = Hkdf.derive(ikm.toByteArray(), info.toByteArray(), 64);
        assertArrayEquals(
                Arrays.copyOfRange(okm, 32, 64),
                Base64.getDecoder().decode(json.get("commitment").textValue()));
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(Arrays.copyOf(okm, 32), "AES"),
                new GCMParameterSpec(128, new byte[12]));
        byte[] wrapped = Base64.getDecoder().decode(json.get("wrapped").textValue());
        assertEquals(80, wrapped.length);
        assertArrayEquals(secrets.joined(), gcm.doFinal(wrapped));
    }

    @Test
    void aVaultIsGivenTheContextOfTheFormatAndItsSlotCommits() throws Exception {
        TestVault vault = new TestVault(7);
        create(vault);
        JsonNode json = JSON.readTree(bytes(onlySlot()));
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        context.writeBytes("cairn 1 slot".getBytes(StandardCharsets.US_ASCII));
        context.writeBytes(REPOSITORY);
        context.writeBytes(HexFormat.of().parseHex(json.get("slot").textValue()));
        context.writeBytes(new byte[] {0, 0, 0, 1});
        assertArrayEquals(context.toByteArray(), vault.lastContext);
        ByteArrayOutputStream ikm = new ByteArrayOutputStream();
        ikm.writeBytes(secrets.joined());
        ikm.writeBytes(Base64.getDecoder().decode(json.get("salt").textValue()));
        assertArrayEquals(
                Hkdf.derive(ikm.toByteArray(), "cairn 1 vault".getBytes(StandardCharsets.US_ASCII), 32),
                Base64.getDecoder().decode(json.get("commitment").textValue()));
    }

    @Test
    void aVaultThatGivesOtherSecretsIsWrongAndOneThatIsDownIsUnavailable() {
        create(new TestVault(7));
        assertEquals(Reason.WRONG, refusal(new TestVault(8)));
        TestVault down = new TestVault(7);
        down.down = new IllegalStateException("no network");
        assertEquals(Reason.UNAVAILABLE, refusal(down));
        down.down = new KeyException(Reason.UNAVAILABLE, "sealed", "unseal it", null);
        assertEquals(Reason.UNAVAILABLE, refusal(down));
    }

    @Test
    void aHolderWithoutAKeyIsMissingIt() {
        create(keyFile("a"));
        assertEquals(Reason.MISSING, refusal(TestHolders.empty()));
    }

    @Test
    void aKeyOfAnotherLengthIsMalformedAndOneThatCannotBeAskedUnavailable() {
        create(keyFile("a"));
        assertEquals(Reason.MALFORMED, refusal(new TestHolders.Held("key-file", "short", () -> new byte[31])));
        assertEquals(Reason.UNAVAILABLE, refusal(new TestHolders.Held("key-file", "down", () -> {
            throw new IllegalStateException("no disk");
        })));
    }

    @Test
    void ofSeveralFailuresTheOneThatIsWorthMostIsThrownWithTheOthers() {
        create(keyFile("a"));
        KeyException e = assertThrows(KeyException.class, () -> open(TestHolders.empty(), keyFile("b")));
        assertEquals(Reason.WRONG, e.reason());
        assertEquals(Reason.MISSING, ((KeyException) e.getSuppressed()[0]).reason());
    }

    @Test
    void everyFlippedByteOfASlotIsSaidToBeDamage() {
        create(keyFile("a"));
        BlobName name = onlySlot();
        byte[] right = bytes(name);
        for (int i = 0; i < right.length; i++) {
            byte[] flipped = right.clone();
            flipped[i] ^= 1;
            replace(name, flipped);
            assertEquals(Reason.SLOT_DAMAGED, refusal(keyFile("a")), () -> new String(flipped, StandardCharsets.UTF_8));
        }
        replace(name, right);
        assertArrayEquals(secrets.joined(), open(keyFile("a")).joined());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "[1]", "{\"digest\":7}", "not json", "{\"slot\":\"x\""})
    void aSlotThatIsNoSlotIsDamage(String content) {
        create(keyFile("a"));
        replace(onlySlot(), content.getBytes(StandardCharsets.UTF_8));
        assertEquals(Reason.SLOT_DAMAGED, refusal(keyFile("a")));
        assertEquals(Reason.SLOT_DAMAGED, refusal(environment("a")), "its type is not legible");
    }

    @Test
    void aSlotOfManyMegabytesIsDamageAndIsNotRead() {
        create(keyFile("a"));
        replace(onlySlot(), new byte[3 << 20]);
        FaultyBlobStore watched = FaultyBlobStore.over(store);
        KeyException e =
                assertThrows(KeyException.class, () -> KeySlots.open(watched, REPOSITORY, List.of(keyFile("a"))));
        assertEquals(Reason.SLOT_DAMAGED, e.reason());
        assertEquals(0, watched.calls(Operation.READ) + watched.calls(Operation.READ_RANGE));
    }

    @Test
    void aDamagedSlotDoesNotKeepAnotherFromOpening() {
        create(keyFile("a"));
        BlobName bad = onlySlot();
        create(keyFile("b"));
        replace(bad, new byte[10]);
        assertArrayEquals(secrets.joined(), open(keyFile("b")).joined());
        assertEquals(Reason.SLOT_DAMAGED, refusal(keyFile("a")));
    }

    @Test
    void aDamagedSlotOfAnotherTypeDoesNotExcuseAWrongKey() throws Exception {
        create(environment("a"));
        BlobName name = onlySlot();
        ObjectNode json = (ObjectNode) JSON.readTree(bytes(name));
        replace(name, JSON.writeValueAsBytes(json.put("label", "other")));
        create(keyFile("b"));
        assertEquals(Reason.WRONG, refusal(keyFile("c")));
        assertEquals(Reason.SLOT_DAMAGED, refusal(environment("c")));
    }

    @Test
    void aSlotThatCannotBeReadIsDamagedAndAStoreThatCannotBeReachedIsNot() {
        create(keyFile("a"));
        create(keyFile("b"));
        FaultyBlobStore badSector = FaultyBlobStore.over(store).failAt(Operation.READ_RANGE, 1);
        long opened = List.of("a", "b").stream()
                .filter(label -> {
                    try {
                        KeySlots.open(badSector, REPOSITORY, List.of(keyFile(label)));
                        return true;
                    } catch (KeyException e) {
                        assertEquals(Reason.SLOT_DAMAGED, e.reason());
                        return false;
                    }
                })
                .count();
        assertTrue(opened >= 1);
        FaultyBlobStore gone = FaultyBlobStore.over(store).failFrom(1);
        assertThrows(StoreException.class, () -> KeySlots.open(gone, REPOSITORY, List.of(keyFile("a"))));
    }

    @Test
    void whatTheSlotWrapsIsAuthenticatedEvenIfTheDigestWasMadeToFit() throws Exception {
        create(keyFile("a"));
        BlobName name = onlySlot();
        SlotFile file = SlotFile.decode(name.lastComponent(), bytes(name)).orElseThrow();
        byte[] wrapped = file.wrapped().clone();
        wrapped[5] ^= 1;
        replace(
                name,
                new SlotFile(
                                file.slot(),
                                file.repository(),
                                file.epoch(),
                                file.type(),
                                file.label(),
                                file.created(),
                                file.salt(),
                                file.commitment(),
                                wrapped)
                        .encode());
        assertEquals(Reason.SLOT_DAMAGED, refusal(keyFile("a")));
    }

    @Test
    void aSlotUnderAnotherSlotsNameIsDamage() {
        create(keyFile("a"));
        BlobName name = onlySlot();
        byte[] bytes = bytes(name);
        store.delete(name);
        store.putIfAbsent(BlobName.of("keys/0123456789abcdef"), BlobContent.of(bytes));
        assertEquals(Reason.SLOT_DAMAGED, refusal(keyFile("a")));
    }

    @Test
    void slotsOfAnotherRepositoryArePassedOverAndLeftAlone() {
        byte[] other = new byte[16];
        KeySlots.create(store, other, RepositorySecrets.random(), List.of(keyFile("a")));
        assertThrows(DamagedRepositoryException.class, () -> open(keyFile("a")));
        create(keyFile("b"));
        assertEquals(Reason.WRONG, refusal(keyFile("a")));
        KeySlots.discard(store, REPOSITORY);
        assertEquals(1, store.list("keys").size());
        assertEquals(1, KeySlots.open(store, other, List.of(keyFile("a"))).epoch());
    }

    @Test
    void aCreationThatFailsHalfWayLeavesNoSlot() {
        assertThrows(KeyException.class, () -> create(keyFile("a"), TestHolders.empty()));
        assertEquals(List.of(), store.list("keys"));
    }

    @ParameterizedTest
    @EnumSource(Tear.class)
    void aPutThatIsTornIsNeverTakenForDone(Tear tear) {
        FaultyBlobStore torn = FaultyBlobStore.over(store).tearAt(1, tear);
        assertThrows(StoreException.class, () -> KeySlots.create(torn, REPOSITORY, secrets, List.of(keyFile("a"))));
        assertEquals(List.of(), store.list("keys"));
    }

    @Test
    void aVaultThatDoesNotOpenWhatItLockedIsRefusedBeforeAnythingIsStored() {
        KeyProvider forgetful = new KeyProvider.Vault() {
            @Override
            public String type() {
                return "test-vault";
            }

            @Override
            public String describe() {
                return "a forgetful vault";
            }

            @Override
            public byte[] wrap(byte[] secrets, byte[] context) {
                return new byte[64];
            }

            @Override
            public byte[] unwrap(byte[] wrapped, byte[] context) {
                return wrapped;
            }
        };
        assertThrows(KeyException.class, () -> create(forgetful));
        assertEquals(List.of(), store.list(""));
    }

    @Test
    void aHolderWhoseTypeContradictsItIsRefused() {
        KeyProvider secret = new TestHolders.Held("smart-card", "x", () -> new byte[32]);
        KeyProvider unnamed = new TestHolders.Held("Key File", "x", () -> new byte[32]);
        assertThrows(ConfigurationException.class, () -> create(secret));
        assertThrows(ConfigurationException.class, () -> create(unnamed));
        assertThrows(ConfigurationException.class, this::create);
        create(keyFile("a"));
        assertThrows(ConfigurationException.class, () -> open(secret));
        assertThrows(ConfigurationException.class, this::open);
    }

    @Test
    void noSecretIsInTheStoreOrInAMessage() {
        create(keyFile("a"));
        KeyException e = assertThrows(KeyException.class, () -> open(keyFile("b")));
        String seen = new String(bytes(onlySlot()), StandardCharsets.UTF_8)
                + e
                + KeySlots.keys(store, REPOSITORY, List.of(keyFile("a"))).slots();
        byte[] both = secrets.joined();
        for (byte[] secret : List.of(
                FixedKeys.secret("a"),
                FixedKeys.secret("b"),
                Arrays.copyOf(both, 32),
                Arrays.copyOfRange(both, 32, 64))) {
            assertFalse(seen.contains(HexFormat.of().formatHex(secret)));
            assertFalse(seen.contains(Base64.getEncoder().withoutPadding().encodeToString(secret)));
        }
    }
}
