package dev.cairn.backup.core.proof.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.proof.SigningKeys;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptBookTest {

    private static Receipt attest(ChainWorld world, String verdict) {
        return world.proofs.attest(
                Receipt.Kind.VERIFICATION,
                SnapshotId.of("snap-1"),
                ChainWorld.NOW,
                ChainWorld.NOW.plusSeconds(3),
                verdict,
                Map.of("entries", "1"));
    }

    private static ChainWorld of(boolean packed, int receipts) {
        ChainWorld world = new ChainWorld(packed).signing(SigningKeys.factory(), SigningKeys.trusted());
        world.take("content");
        for (int i = 1; i <= receipts; i++) {
            attest(world, "PASSED " + i);
        }
        return world;
    }

    private static BlobName blob(ChainWorld world, long number, String last) {
        return BlobName.of((world.packed ? "" : ".cairn/") + "receipts/mine/%019d/".formatted(number) + last);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void receiptsAreNumberedChainedSignedAndListed(boolean packed) {
        ChainWorld world = of(packed, 3);
        List<Receipt> all = world.restart().proofs.receipts();
        assertEquals(List.of(1L, 2L, 3L), all.stream().map(Receipt::number).toList());
        assertEquals(Optional.of(ReceiptFile.digest(all.get(1))), all.get(2).previous());
        assertTrue(all.stream().allMatch(receipt -> world.proofs.verify(receipt).valid()));
        assertEquals(
                world.repository
                        .proofs()
                        .orElseThrow()
                        .proof(SnapshotId.of("snap-1"))
                        .digest(),
                all.get(0).snapshot().digest());
        assertEquals(Optional.of(all.get(1)), world.proofs.receipt(2));
        assertEquals(Optional.empty(), world.proofs.receipt(4));
        assertTrue(world.proofs.verifyReceipts().intact());
        assertThrows(
                SnapshotNotFoundException.class,
                () -> world.proofs.attest(
                        Receipt.Kind.DRILL, SnapshotId.of("gone"), ChainWorld.NOW, ChainWorld.NOW, "PASSED", Map.of()));
        assertThrows(
                InvalidValueException.class,
                () -> world.proofs.attest(
                        Receipt.Kind.STUB,
                        SnapshotId.of("snap-1"),
                        ChainWorld.NOW,
                        ChainWorld.NOW,
                        "REMOVED",
                        Map.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReceiptOutlivesItsSnapshotAndEveryPrune(boolean packed) {
        ChainWorld world = of(packed, 2);
        world.take("two");
        world.remove("snap-1");
        world.repository.maintenance().ifPresent(work -> work.sweep(dev.cairn.backup.SweepRequest.defaults()));
        assertEquals(2, world.restart().proofs.receipts().size());
        assertTrue(world.proofs.verifyReceipts().intact());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSecondPartyCountersigns(boolean packed) {
        ChainWorld world = of(packed, 2);
        Receipt both = world.proofs.countersign(1, SigningKeys.tower());
        assertEquals(both, world.restart().proofs.receipt(1).orElseThrow());
        assertTrue(world.proofs.verify(both).signedBy("factory", "tower"));
        world.proofs.countersign(1, SigningKeys.office());
        assertTrue(world.proofs.verify(world.proofs.receipt(1).orElseThrow()).signedBy("factory", "tower", "office"));
        assertTrue(world.proofs.verifyReceipts().intact());
        assertThrows(DamagedReceiptException.class, () -> world.proofs.countersign(7, SigningKeys.tower()));
        byte[] other = world.blobs.bytes(blob(world, 1, "by-tower@"));
        world.blobs.putIfAbsent(blob(world, 2, "by-tower@"), () -> new ByteArrayInputStream(other));
        assertNamed(world, "receipt 2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUnsignedReceiptCannotBeCountersigned(boolean packed) {
        ChainWorld world = new ChainWorld(packed);
        world.take("content");
        assertEquals(List.of(), attest(world, "PASSED").signatures());
        assertThrows(InvalidValueException.class, () -> world.proofs.countersign(1, SigningKeys.tower()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyAnExplicitCallRemovesAReceiptAndItsNoteKeepsTheChain(boolean packed) {
        ChainWorld world = of(packed, 4);
        world.proofs.countersign(2, SigningKeys.tower());
        world.proofs.removeReceipt(2, "ann", "it named a person");
        world.proofs.removeReceipt(4, "ann", "it named a person");
        attest(world.restart(), "PASSED 5");
        assertEquals(
                List.of(1L, 3L, 5L),
                world.proofs.receipts().stream().map(Receipt::number).toList());
        ChainVerification found = world.proofs.verifyReceipts();
        assertEquals(List.of(), found.breaks());
        assertEquals(2, found.removed());
        assertThrows(InvalidValueException.class, () -> world.proofs.removeReceipt(1, "ann", ""));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void processesThatIssueBesideOneAnotherGetNumbersOfTheirOwn(boolean packed) {
        ChainWorld world = of(packed, 1);
        // As if the other had put its receipt and was stopped before it remembered that.
        MemoryBlobStore stateBefore = world.state.copy();
        attest(world, "the other's");
        ChainWorld behind = new ChainWorld(packed, world.blobs, stateBefore, "mine")
                .signing(SigningKeys.factory(), SigningKeys.trusted());
        assertEquals(3, attest(behind, "mine").number());
        assertTrue(behind.proofs.verifyReceipts().intact());
        world.proofs.removeReceipt(2, "ann", "why");
        ChainWorld farBehind = new ChainWorld(packed, world.blobs, new MemoryBlobStore(), "mine")
                .signing(SigningKeys.factory(), SigningKeys.trusted());
        assertEquals(4, attest(farBehind, "later").number());
        assertTrue(farBehind.proofs.verifyReceipts().intact());
    }

    private static void assertNamed(ChainWorld world, String receipt) {
        ChainVerification found = world.restart().proofs.verifyReceipts();
        assertTrue(found.breaks().stream().map(ChainBreak::what).anyMatch(receipt::equals), found::describe);
    }

    @Property(tries = 60)
    void anyReceiptThatIsGoneAlteredOrExchangedIsNamed(
            @ForAll boolean packed,
            @ForAll @IntRange(min = 1, max = 5) int one,
            @ForAll @IntRange(min = 1, max = 5) int other,
            @ForAll @IntRange(max = 3) int how,
            @ForAll Random random) {
        ChainWorld world = of(packed, 5);
        assertTrue(world.proofs.verifyReceipts().intact());
        BlobName name = blob(world, one, "receipt");
        byte[] bytes = world.blobs.bytes(name);
        switch (how) {
            case 0 -> world.blobs.delete(name);
            case 1 -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
                world.blobs.damage(name, bytes);
            }
            case 2 -> { // One that was issued instead, with all keys.
                ChainWorld another = new ChainWorld(packed, world.blobs.copy(), new MemoryBlobStore(), "mine")
                        .signing(SigningKeys.factory(), SigningKeys.trusted());
                for (int i = one; i <= 5; i++) {
                    another.blobs.delete(blob(world, i, "receipt"));
                }
                attest(another, "forged");
                world.blobs.damage(name, another.blobs.bytes(name));
            }
            default -> {
                world.blobs.damage(name, world.blobs.bytes(blob(world, other, "receipt")));
                if (one == other) {
                    return;
                }
            }
        }
        assertNamed(world, "receipt " + one);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNewestReceiptsAreMissedThroughTheStateStore(boolean packed) {
        ChainWorld world = of(packed, 3);
        world.blobs.delete(blob(world, 3, "receipt"));
        world.blobs.delete(blob(world, 2, "receipt"));
        ChainBreak first = world.proofs.verifyReceipts().firstBreak().orElseThrow();
        assertEquals(ChainBreak.Kind.ROLLED_BACK, first.kind());
        assertEquals("receipt 2", first.what());
        assertEquals(4, attest(world, "goes on").number());
        assertNamed(world, "receipt 2");
    }

    @Test
    void aForgedNumberCostsOneBreakOnly() {
        ChainWorld world = of(false, 2);
        byte[] bytes = world.blobs.bytes(blob(world, 2, "receipt"));
        world.blobs.putIfAbsent(
                blob(world, 8_999_999_999_999_999_999L, "receipt"), () -> new ByteArrayInputStream(bytes));
        world.blobs.putIfAbsent(
                BlobName.of(".cairn/receipts/mine/9999999999999999999/receipt"), () -> new ByteArrayInputStream(bytes));
        assertEquals(2, world.proofs.verifyReceipts().breaks().size());
    }

    @Test
    void whereARepositoryKeepsNoProofsNothingIsChainedAndAReceiptIsRefused() {
        SnapshotRepository bare = (SnapshotRepository) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SnapshotRepository.class},
                (proxy, method, arguments) -> method.getName().equals("proofs") ? Optional.empty() : "bare");
        Proofs proofs = new Proofs(
                bare, new MemoryBlobStore(), "mine", Optional.empty(), ReceiptKeys.none(), () -> ChainWorld.NOW);
        assertEquals(List.of(), proofs.previous(List.of()));
        assertTrue(proofs.opened().intact());
        assertThrows(ConfigurationException.class, () -> proofs.removeReceipt(1, "ann", "why"));
    }

    @Test
    void aPackedRepositoryShowsNothingOfAReceipt() {
        ChainWorld world = of(true, 1);
        String stored =
                new String(world.blobs.bytes(blob(world, 1, "receipt")), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(stored.contains("PASSED"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recordsHaveNoNamesButTheirOwn(boolean packed) {
        ProofStore store = of(packed, 0).repository.proofs().orElseThrow();
        assertThrows(InvalidValueException.class, () -> store.put(BlobName.of("snapshots/x"), new byte[1]));
        assertThrows(InvalidValueException.class, () -> store.delete(BlobName.of("receipts")));
    }

    @Test
    void aCopyOfAPackedRepositoryTakesReceiptsAndStubsAlong() {
        ChainWorld world = of(true, 2);
        world.take("two");
        world.remove("snap-1");
        MemoryBlobStore second = new MemoryBlobStore();
        ((dev.cairn.backup.core.packed.PackedRepository) world.repository)
                .copyTo(second, progress -> {}, new dev.cairn.backup.CancellationToken());
        for (String folder : List.of("receipts", "stubs")) {
            assertEquals(
                    new TreeSet<>(world.blobs.list(folder).stream()
                            .map(BlobInfo::name)
                            .toList()),
                    new TreeSet<>(
                            second.list(folder).stream().map(BlobInfo::name).toList()));
        }
        ChainWorld copy =
                new ChainWorld(true, second, world.state, "mine").signing(SigningKeys.factory(), SigningKeys.trusted());
        assertTrue(copy.proofs.verifyChain().intact());
        assertTrue(copy.proofs.verifyReceipts().intact());
    }
}
