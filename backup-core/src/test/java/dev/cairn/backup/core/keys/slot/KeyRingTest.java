package dev.cairn.backup.core.keys.slot;

import static dev.cairn.backup.core.keys.slot.TestHolders.environment;
import static dev.cairn.backup.core.keys.slot.TestHolders.keyFile;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.core.keys.KeySlot;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import dev.cairn.backup.testkit.FixedKeys;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyRingTest {

    private static final byte[] REPOSITORY = Arrays.copyOf(FixedKeys.secret("repository"), 16);

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final RepositorySecrets secrets = RepositorySecrets.random();
    private final RepositoryKeys keys = KeySlots.keys(store, REPOSITORY, List.of(keyFile("a")));

    @BeforeEach
    void makeARepository() {
        KeySlots.create(store, REPOSITORY, secrets, List.of(keyFile("a")));
    }

    private boolean opens(KeyProvider holder) {
        try {
            assertArrayEquals(
                    secrets.joined(),
                    KeySlots.open(store, REPOSITORY, List.of(holder)).joined());
            return true;
        } catch (KeyException e) {
            return false;
        }
    }

    private String idOf(String type) {
        return keys.slots().stream()
                .filter(slot -> slot.type().equals(type))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void anAddedKeyOpensAndIsListed() {
        KeySlot added = keys.add(environment("b"), "the host's own");
        assertTrue(opens(environment("b")));
        assertEquals(2, keys.slots().size());
        assertTrue(keys.slots().contains(added));
        assertEquals("the host's own", added.label());
        assertTrue(added.reliable() && added.created().isPresent());
    }

    @Test
    void aRemovedKeyOpensNoMore() {
        keys.add(environment("b"), "b");
        keys.remove(idOf("key-file"));
        assertFalse(opens(keyFile("a")));
        assertTrue(opens(environment("b")));
    }

    @Test
    void keysAreOnlyChangedByOneWhoHasOne() {
        RepositoryKeys stranger = KeySlots.keys(store, REPOSITORY, List.of(keyFile("x")));
        assertThrows(KeyException.class, () -> stranger.add(keyFile("x"), "mine"));
        assertThrows(KeyException.class, stranger::newRecoveryCode);
        assertEquals(1, keys.slots().size());
    }

    @Test
    void theLastReliableSlotStays() {
        String last = idOf("key-file");
        assertThrows(InvalidValueException.class, () -> keys.remove(last));
        keys.newRecoveryCode();
        assertThrows(InvalidValueException.class, () -> keys.remove(last), "nobody is known to hold the code");
        assertTrue(opens(keyFile("a")));
        assertThrows(InvalidValueException.class, () -> keys.remove("0123456789abcdef"));
    }

    @Test
    void aDamagedSlotDoesNotCountAsOneThatRemainsAndCanBeRemoved() {
        KeySlot added = keys.add(environment("b"), "b");
        BlobName name = BlobName.of("keys/" + added.id());
        store.delete(name);
        store.putIfAbsent(name, BlobContent.of("rot"));
        assertThrows(InvalidValueException.class, () -> keys.remove(idOf("key-file")));
        assertTrue(keys.problems().stream().anyMatch(problem -> problem.contains(added.id())));
        keys.remove(added.id());
        assertFalse(keys.problems().stream().anyMatch(problem -> problem.contains(added.id())));
    }

    @Test
    void twoWhoRemoveEachOthersLastSlotAtOnceLeaveOne() {
        KeySlot other = keys.add(environment("b"), "b");
        String mine = idOf("key-file");
        FaultyBlobStore racing = FaultyBlobStore.over(store);
        racing.onCall(call -> {
            if (call.operation() == Operation.DELETE && call.name().equals("keys/" + mine)) {
                store.delete(BlobName.of("keys/" + other.id()));
            }
        });
        RepositoryKeys slow = KeySlots.keys(racing, REPOSITORY, List.of(keyFile("a")));
        assertThrows(InvalidValueException.class, () -> slow.remove(mine));
        assertTrue(opens(keyFile("a")));
    }

    @Test
    void aRepositoryWithoutAConfirmedRecoveryCodeHasAProblemUntilItIsConfirmed() {
        assertEquals(1, keys.problems().size());
        RecoveryCode code = keys.newRecoveryCode();
        assertEquals(1, keys.problems().size());
        assertFalse(slot(idOf("recovery")).confirmed());
        keys.confirmRecovery(RecoveryCode.parse(code.printed()), "the operator");
        assertEquals(List.of(), keys.problems());
        assertTrue(slot(idOf("recovery")).confirmed());
        keys.confirmRecovery(code, "somebody else");
        assertTrue(opens(code.asKey()));
        keys.remove(idOf("key-file"));
        assertTrue(opens(code.asKey()));
    }

    private KeySlot slot(String id) {
        return keys.slots().stream()
                .filter(slot -> slot.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCodeThatOpensNothingIsNotConfirmed() {
        keys.newRecoveryCode();
        KeyException e =
                assertThrows(KeyException.class, () -> keys.confirmRecovery(RecoveryCode.random(), "the operator"));
        assertEquals(Reason.WRONG, e.reason());
        assertEquals(1, keys.problems().size());
    }

    @Test
    void aNewCodeVoidsUnconfirmedOnesAndKeepsConfirmedOnes() {
        RecoveryCode first = keys.newRecoveryCode();
        RecoveryCode second = keys.newRecoveryCode();
        assertFalse(opens(first.asKey()));
        assertTrue(opens(second.asKey()));
        keys.confirmRecovery(second, "the operator");
        RecoveryCode third = keys.newRecoveryCode();
        assertTrue(opens(second.asKey()) && opens(third.asKey()));
        assertEquals(List.of(), keys.problems());
    }

    @Test
    void declinedCodesAreNoProblemUntilOneIsMade() {
        keys.declineRecovery("the operator", "the vault is enough");
        assertEquals(List.of(), keys.problems());
        keys.declineRecovery("another", "it still is");
        keys.newRecoveryCode();
        assertEquals(1, keys.problems().size());
    }

    @Test
    void removingARecoverySlotBringsTheProblemBack() {
        RecoveryCode code = keys.newRecoveryCode();
        keys.confirmRecovery(code, "the operator");
        keys.remove(idOf("recovery"));
        assertEquals(1, keys.problems().size());
        assertEquals(1, store.list("keys").size(), "nothing is left of it");
    }

    @Test
    void notesThatCannotBeShownAreRefused() {
        for (String bad : List.of("", "  ", "two\nlines", "x".repeat(201))) {
            assertThrows(InvalidValueException.class, () -> keys.add(keyFile("b"), bad));
            assertThrows(InvalidValueException.class, () -> keys.declineRecovery(bad, "reason"));
            assertThrows(InvalidValueException.class, () -> keys.declineRecovery("by", bad));
            assertThrows(InvalidValueException.class, () -> keys.confirmRecovery(RecoveryCode.random(), bad));
        }
        keys.add(environment("b"), "Größe 漢字 \"quoted\" \\");
        assertTrue(opens(environment("b")));
        assertEquals("Größe 漢字 \"quoted\" \\", slot(idOf("environment")).label());
    }

    @Test
    void keysAddedByManyAtOnceAllOpen() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<KeySlot>> work = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String label = "key " + i;
                work.add(() -> keys.add(environment(label), label));
            }
            for (Future<KeySlot> done : pool.invokeAll(work)) {
                assertTrue(opens(environment(done.get().label())));
            }
        } finally {
            pool.shutdownNow();
        }
        assertEquals(33, keys.slots().size());
    }
}
