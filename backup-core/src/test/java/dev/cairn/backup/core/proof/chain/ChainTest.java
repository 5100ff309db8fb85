package dev.cairn.backup.core.proof.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.core.proof.ReceiptSigners;
import dev.cairn.backup.core.proof.SigningKeys;
import dev.cairn.backup.spi.SigningKey;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a chain goes through in its life. */
class ChainTest {

    private static ChainWorld of(boolean packed, int snapshots) {
        ChainWorld world = new ChainWorld(packed);
        for (int i = 1; i <= snapshots; i++) {
            world.take("content " + i);
        }
        return world;
    }

    private static void assertIntact(ChainWorld world) {
        ChainVerification now = world.proofs.verifyChain();
        assertEquals(List.of(), now.breaks());
        assertTrue(now.intact());
        assertEquals(world.own().size(), now.checked());
        assertEquals(List.of(), world.restart().proofs.opened().breaks());
    }

    private static void assertBroken(ChainWorld world, ChainBreak.Kind kind, String snapshot) {
        for (ChainVerification found :
                List.of(world.proofs.verifyChain(), world.restart().proofs.opened(), world.proofs.verifyChain())) {
            ChainBreak first = found.firstBreak().orElseThrow();
            assertEquals(kind + " snapshot " + snapshot, first.kind() + " " + first.what(), found::describe);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachSnapshotContinuesTheOneBefore(boolean packed) {
        ChainWorld world = of(packed, 3);
        var store = world.repository.proofs().orElseThrow();
        SnapshotProof first = store.proof(SnapshotId.of("snap-1"));
        SnapshotProof second = store.proof(SnapshotId.of("snap-2"));
        assertEquals(List.of(), first.previous());
        assertEquals(List.of(new SnapshotLink(SnapshotId.of("snap-1"), 1, first.digest())), second.previous());
        assertTrue(first.root().isPresent());
        assertFalse(first.root().equals(second.root()));
        assertEquals(second, world.restart().repository.proofs().orElseThrow().known(SnapshotId.of("snap-2")));
        try (var reader = world.repository.read(SnapshotId.of("snap-2"))) {
            assertEquals(second.previous(), reader.manifest().previous());
        }
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRemovalThatLeftAStubIsNoBreak(boolean packed) {
        ChainWorld world = of(packed, 6);
        for (String id : List.of("snap-2", "snap-3", "snap-1", "snap-5", "snap-6")) {
            world.remove(id);
        }
        assertIntact(world);
        assertEquals(5, world.proofs.verifyChain().removed());
        world.take("after");
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void processesThatTakeAtTheSameTimeAreBothContinued(boolean packed) {
        ChainWorld world = of(packed, 1);
        List<SnapshotLink> seenByBoth = world.proofs.previous(world.own());
        SnapshotManifest one = world.commit("one", seenByBoth);
        SnapshotManifest other = world.commit("other", seenByBoth);
        world.proofs.committed(other);
        world.proofs.committed(one);
        assertIntact(world);
        assertEquals(2, world.take("later").previous().size());
        assertEquals(1, world.take("at last").previous().size());
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSnapshotThatWasCommittedRightBeforeACrashIsTakenOver(boolean packed) {
        ChainWorld world = of(packed, 2);
        world.commit("not remembered", world.proofs.previous(world.own()));
        ChainVerification opened = world.restart().proofs.opened();
        assertEquals(List.of(SnapshotId.of("snap-3")), opened.adopted());
        assertEquals(List.of(), opened.breaks());
        assertEquals("snap-3", world.take("next").previous().get(0).id().value());
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSnapshotWhoseOutcomeWasUnknownIsContinuedByTheNext(boolean packed) {
        ChainWorld world = of(packed, 2);
        world.commit("outcome unknown", world.proofs.previous(world.own()));
        assertEquals("snap-3", world.take("next").previous().get(0).id().value());
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsDeletedBehindItsBackIsNamed(boolean packed) {
        ChainWorld world = of(packed, 5);
        world.wipe("snap-3");
        assertBroken(world, ChainBreak.Kind.MISSING, "snap-3");
        world.take("goes on");
        assertBroken(world, ChainBreak.Kind.MISSING, "snap-3");
        assertTrue(world.proofs.verifyChain(4, 9).intact());
        assertFalse(world.proofs.verifyChain(3, 3).intact());
        assertThrows(InvalidValueException.class, () -> world.proofs.verifyChain(5, 4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRepositoryThatWasSetBackIsNoticedByItsHead(boolean packed) {
        ChainWorld world = of(packed, 3);
        MemoryBlobStore before = world.blobs.copy();
        world.take("four");
        world.take("five");
        ChainWorld setBack = new ChainWorld(packed, before, world.state, "mine");
        assertBroken(setBack, ChainBreak.Kind.ROLLED_BACK, "snap-5");
        setBack.take("goes on");
        assertTrue(setBack.proofs.verifyChain().breaks().stream()
                .anyMatch(found -> found.what().equals("snapshot snap-5")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLossThatAnOperatorAcknowledgesIsExplained(boolean packed) {
        ChainWorld world = of(packed, 5);
        world.wipe("snap-3");
        world.wipe("snap-5");
        for (ChainBreak found : world.proofs.verifyChain().breaks()) {
            world.proofs.acknowledge(found, "ann", "the disk was replaced");
        }
        assertIntact(world);
        world.take("six");
        assertIntact(world);
        ChainBreak altered = new ChainBreak(ChainBreak.Kind.ALTERED, "x", 1, Optional.empty(), "x");
        assertThrows(InvalidValueException.class, () -> world.proofs.acknowledge(altered, "ann", "why"));
        assertThrows(InvalidValueException.class, () -> world.proofs.acknowledge(altered, " ", "why"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSnapshotBesideTheChainIsNamedAndCanBeTakenIntoIt(boolean packed) {
        ChainWorld world = of(packed, 2);
        List<SnapshotLink> old = world.proofs.previous(world.own());
        world.take("three");
        world.commit("beside", old);
        assertBroken(world, ChainBreak.Kind.FORK, "snap-4");
        world.proofs.acknowledge(world.proofs.verifyChain().firstBreak().orElseThrow(), "ann", "it is right");
        assertIntact(world);
        assertEquals(2, world.take("five").previous().size());
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDamagedSnapshotIsRemovedWithAStubOfWhatOthersKnow(boolean packed) {
        ChainWorld world = of(packed, 3);
        byte[] bytes = world.blobs.bytes(world.manifest("snap-2"));
        bytes[bytes.length / 2] ^= 1;
        world.blobs.damage(world.manifest("snap-2"), bytes);
        assertBroken(world, ChainBreak.Kind.ALTERED, "snap-2");
        world.remove("snap-2");
        assertIntact(world);
        assertEquals(Optional.empty(), world.proofs.removing(SnapshotId.of("snap-9"), "never was"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStubOfAnotherSnapshotSaysNothing(boolean packed) {
        ChainWorld world = of(packed, 5);
        world.remove("snap-2");
        world.wipe("snap-3");
        byte[] other = world.blobs.bytes(world.stub(2));
        world.blobs.putIfAbsent(world.stub(3), () -> new java.io.ByteArrayInputStream(other));
        assertBroken(world, ChainBreak.Kind.BAD_STUB, "snap-3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFullStoreIsFreedWithoutAStubWhichWaits(boolean packed) {
        ChainWorld world = of(packed, 3);
        FaultyBlobStore full = FaultyBlobStore.over(world.blobs).fullAfter(0);
        world.over(full, world.state).remove("snap-2");
        assertTrue(world.blobs.stat(world.stub(2)).isEmpty());
        assertTrue(world.proofs.verifyChain().intact());
        full.heal();
        assertTrue(world.proofs.opened().intact());
        assertTrue(world.blobs.stat(world.stub(2)).isPresent());
        assertTrue(world.state.list("waiting-stubs").isEmpty());
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStubWaitsForAKeyThatIsAway(boolean packed) {
        AtomicBoolean away = new AtomicBoolean();
        SigningKey key = SigningKey.supplied("the vault", () -> {
            if (away.get()) {
                throw new IllegalStateException("away");
            }
            return SigningKeys.privatePem(SigningKeys.FACTORY).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        });
        ChainWorld world = of(packed, 3).signing(ReceiptSigners.ed25519("factory", key), SigningKeys.trusted());
        away.set(true);
        world.remove("snap-2");
        assertTrue(world.proofs.verifyChain().intact());
        assertThrows(
                KeyException.class,
                () -> world.proofs.attest(
                        Receipt.Kind.SNAPSHOT,
                        SnapshotId.of("snap-1"),
                        ChainWorld.NOW,
                        ChainWorld.NOW,
                        "COMPLETED",
                        java.util.Map.of()));
        away.set(false);
        world.take("four");
        assertTrue(world.state.list("waiting-stubs").isEmpty());
        assertIntact(world);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stubsFromBeforeKeysWereTrustedStayGoodAndNoLaterOnes(boolean packed) {
        ChainWorld world = of(packed, 4);
        world.remove("snap-2");
        ChainWorld thief = new ChainWorld(packed, world.blobs, new MemoryBlobStore(), "mine");
        world.signing(SigningKeys.factory(), SigningKeys.trusted());
        assertEquals(List.of(), world.proofs.opened().breaks());
        assertIntact(world);
        thief.remove("snap-3");
        assertBroken(world, ChainBreak.Kind.BAD_STUB, "snap-3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSnapshotBesideTheChainIsNamedAtOpeningHoweverManyWereRemovedBefore(boolean packed) {
        ChainWorld world = of(packed, Chain.STUBS_AT_OPEN + 4);
        for (int i = 1; i < Chain.STUBS_AT_OPEN + 3; i++) {
            world.remove("snap-" + i);
        }
        assertEquals(List.of(), world.restart().proofs.opened().breaks());
        String beside = world.commit("beside", List.of()).metadata().id().value();
        assertBroken(world, ChainBreak.Kind.FORK, beside);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withTrustedKeysAStubThatNobodyHasSignedExplainsNothing(boolean packed) {
        ChainWorld world = of(packed, 3);
        ChainWorld thief = new ChainWorld(packed, world.blobs, new MemoryBlobStore(), "mine");
        world.signing(SigningKeys.factory(), SigningKeys.trusted());
        world.proofs.opened();
        thief.remove("snap-2");
        assertBroken(world, ChainBreak.Kind.BAD_STUB, "snap-2");
        world.remove("snap-1");
        Receipt stub = ReceiptFile.decode(
                "it",
                world.repository
                        .proofs()
                        .orElseThrow()
                        .read(Stubs.name("mine", new SnapshotLink(SnapshotId.of("snap-1"), 1, "0".repeat(64))))
                        .orElseThrow());
        assertTrue(SigningKeys.trusted().verify(stub).signedBy("factory"));
        assertEquals("a test wanted it", stub.facts().get("why"));
        assertEquals(1, world.proofs.verifyChain().breaks().size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void otherLineagesAreNoneOfItsBusiness(boolean packed) {
        ChainWorld mine = of(packed, 2);
        ChainWorld theirs = new ChainWorld(packed, mine.blobs, new MemoryBlobStore(), "theirs");
        theirs.take("theirs 1");
        theirs.take("theirs 2");
        mine.restart().take("mine");
        theirs.restart().remove("snap-3");
        assertIntact(mine);
        assertIntact(theirs);
        theirs.wipe("snap-4");
        assertIntact(mine);
        assertBroken(theirs, ChainBreak.Kind.ROLLED_BACK, "snap-4");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStateStoreThatRemembersNothingTakesTheNewestForTheHead(boolean packed) {
        ChainWorld world = of(packed, 3);
        ChainWorld blank = new ChainWorld(packed, world.blobs, new MemoryBlobStore(), "mine");
        assertTrue(blank.proofs.opened().intact());
        assertEquals("snap-3", blank.take("four").previous().get(0).id().value());
        assertIntact(blank);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStateStoreThatFailsAfterTheCommitFailsNoSnapshot(boolean packed) {
        ChainWorld world = of(packed, 2);
        FaultyBlobStore state = FaultyBlobStore.over(world.state);
        world.over(world.blobs, state);
        List<SnapshotLink> previous = world.proofs.previous(world.own());
        SnapshotManifest taken = world.commit("three", previous);
        state.failFrom(1);
        world.proofs.committed(taken);
        state.heal();
        assertEquals("snap-3", world.take("four").previous().get(0).id().value());
        assertIntact(world);
    }
}
