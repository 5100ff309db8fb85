package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.OperationRefusedException;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.audit.WrittenLog;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.SigningKeys;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FixedKeys;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableClock;
import dev.cairn.backup.testkit.TestScratch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation, allowed, denied and failed, on a packed repository. */
class BackupOperationsTest {

    private static final Actor ANNA = Actor.of("admin-api").member("anna").at("127.0.0.1");
    private static final KeyProvider SECOND = KeyProvider.secret("a vault", () -> FixedKeys.secret("second"));
    private static final Set<String> KEY_ACTIONS = Set.of(Operation.ADD_KEY);

    @TempDir
    private Path folder;

    private final FaultyBlobStore store = FaultyBlobStore.over(new MemoryBlobStore());
    private final PackedRepository repository = Packed.at(store);
    private final FakeDataset data = FakeDataset.of("data").file("a", "first");
    private volatile OperationPolicy.Decision decision = OperationPolicy.allowed();
    private final List<Operation> decided = new ArrayList<>();
    private WrittenLog log;
    private SnapshotManager manager;
    private BackupOperations operations;
    private RestoreReport restored;

    @BeforeEach
    void open() {
        log = WrittenLog.in(folder);
        manager = Cairn.builder()
                .repository(repository)
                .state(new MemoryBlobStore())
                .dataset(data)
                .clock(SettableClock.create())
                .callerThreadsOnly()
                .audit(log)
                .receipts(SigningKeys.factory())
                .open();
        operations = BackupOperations.of(manager, (actor, operation) -> {
            synchronized (decided) {
                decided.add(operation);
            }
            return decision;
        });
        manager.create();
        manager.create();
        restored = manager.restore(manager.plan(RestoreRequest.of(SnapshotId.of("snap-1"))));
    }

    @AfterEach
    void theLogIsIntact() {
        store.heal();
        manager.close();
        assertTrue(log.isIntact());
        log.close();
    }

    private record Case(String action, String target, BiConsumer<BackupOperationsTest, BackupOperations> call) {
        @Override
        public String toString() {
            return action;
        }
    }

    private RepositoryKeys keys(BackupOperations by) {
        return by.keys(ANNA, repository.keys());
    }

    static Stream<Case> cases() {
        RepositoryCheck check = RepositoryCheck.of(VerificationDepth.CONTENT);
        return Stream.of(
                new Case(Operation.CREATE, "mine", (t, ops) -> ops.create(ANNA, "mine", with -> with.label("by hand"))),
                new Case(Operation.LIST, "repository", (t, ops) -> ops.list(ANNA)),
                new Case(Operation.SHOW, "snap-1", (t, ops) -> ops.show(ANNA, "snap-1")),
                new Case(Operation.PLAN, "snap-1", (t, ops) -> ops.plan(ANNA, "snap-1", with -> with)),
                new Case(Operation.RESTORE, "snap-1", (t, ops) -> ops.restore(ANNA, "snap-1", with -> with)),
                new Case(Operation.ROLLBACK, "restore-1", (t, ops) -> ops.rollback(ANNA, t.restored)),
                new Case(Operation.ROLLBACK, "restore-1", (t, ops) -> ops.rollback(ANNA, PastRestore.of(t.restored))),
                new Case(Operation.DELETE, "snap-2", (t, ops) -> ops.delete(ANNA, "snap-2")),
                new Case(Operation.PIN, "snap-1", (t, ops) -> ops.pin(ANNA, "snap-1", "why")),
                new Case(Operation.UNPIN, "snap-1", (t, ops) -> ops.unpin(ANNA, "snap-1")),
                new Case(Operation.ACKNOWLEDGE, "snap-1", (t, ops) -> ops.acknowledge(ANNA, "snap-1", "why")),
                new Case(Operation.PRUNE, "repository", (t, ops) -> ops.prune(ANNA)),
                new Case(Operation.VERIFY, "snap-1", (t, ops) -> ops.verify(ANNA, "snap-1")),
                new Case(
                        Operation.DRILL,
                        "snap-1",
                        (t, ops) ->
                                ops.drill(ANNA, "snap-1", with -> with.room(TestScratch.in(t.folder.resolve("room"))))),
                new Case(Operation.VERIFY_LOG, "data", (t, ops) -> ops.verifyLog(ANNA, "data")),
                new Case(Operation.VERIFY_CHAIN, "repository", (t, ops) -> ops.verifyChain(ANNA)),
                new Case(
                        Operation.LIST_RECEIPTS,
                        "repository",
                        (t, ops) -> ops.receipts(ANNA).all()),
                new Case(
                        Operation.LIST_RECEIPTS,
                        "1",
                        (t, ops) -> ops.receipts(ANNA).find(1)),
                new Case(
                        Operation.VERIFY_RECEIPTS,
                        "repository",
                        (t, ops) -> ops.receipts(ANNA).verify()),
                new Case(
                        Operation.ATTEST,
                        "snap-1",
                        (t, ops) -> ops.receipts(ANNA).attest(SnapshotId.of("snap-1"))),
                new Case(
                        Operation.COUNTERSIGN,
                        "1",
                        (t, ops) -> ops.receipts(ANNA).countersign(1, SigningKeys.tower())),
                new Case(
                        Operation.REMOVE_RECEIPT,
                        "1",
                        (t, ops) -> ops.receipts(ANNA).remove(1, "anna", "why")),
                new Case(Operation.SWEEP, "repository", (t, ops) -> ops.sweep(ANNA, SweepRequest.defaults())),
                new Case(Operation.CHECK, "repository", (t, ops) -> ops.check(ANNA, check)),
                new Case(Operation.REPAIR, "repository", (t, ops) -> ops.repair(ANNA, check)),
                new Case(
                        Operation.LIST_KEYS,
                        "repository",
                        (t, ops) -> t.keys(ops).slots()),
                new Case(Operation.ADD_KEY, "second", (t, ops) -> t.keys(ops).add(SECOND, "second")),
                new Case(
                        Operation.NEW_RECOVERY_CODE,
                        "repository",
                        (t, ops) -> t.keys(ops).newRecoveryCode()),
                new Case(
                        Operation.DECLINE_RECOVERY,
                        "anna",
                        (t, ops) -> t.keys(ops).declineRecovery("anna", "why")),
                new Case(
                        "lane.remove",
                        "lane-7",
                        (t, ops) -> ops.run(ANNA, Operation.of("lane.remove", "lane-7"), () -> t.store.list(""))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsAllowedIsOneLineWithItsTargetAndItsCaller(Case one) {
        int before = log.lines().size();
        one.call().accept(this, operations);
        List<JsonNode> own = linesOf(one.action(), before);
        assertEquals(1, own.size(), log.linesFrom(before).toString());
        JsonNode line = own.get(0);
        assertEquals("allowed", line.get("outcome").asText());
        assertEquals("admin-api", line.get("actor").asText());
        assertEquals("anna", line.get("details").get("member").asText());
        assertEquals("127.0.0.1", line.get("details").get("remote").asText());
        if (KEY_ACTIONS.contains(one.action())) {
            assertEquals(one.target(), line.get("details").get("label").asText());
        } else {
            assertEquals(one.target(), line.get("target").asText());
        }
        assertEquals(List.of(), log.incidents());
        assertEquals(List.of(Operation.of(one.action(), one.target())), decided);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsDeniedIsOneLineAndTouchesNothing(Case one) {
        decision = OperationPolicy.denied("not_parent");
        RepositoryKeys opened = repository.keys(); // Which looks at the store by itself.
        assertFalse(opened.slots().isEmpty());
        int before = log.lines().size();
        List<String> stored = blobs();
        OperationRefusedException thrown =
                assertThrows(OperationRefusedException.class, () -> one.call().accept(this, operations));
        assertEquals("not_parent", thrown.reason().orElseThrow());
        assertEquals(List.of(one.action() + " " + one.target() + " denied admin-api"), log.linesFrom(before));
        assertEquals(
                "not_parent",
                log.entries().get(before).get("details").get("reason").asText());
        assertEquals(stored, blobs());
        assertEquals(List.of(), log.incidents());
    }

    private List<String> blobs() {
        return Stream.of("keys", "packs", "index", "snapshots", "marks", "sessions", "condemned", "receipts", "stubs")
                .flatMap(room -> store.list(room).stream())
                .map(blob -> blob.name().value())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatFailsIsOneLineWithItsTarget(Case one) {
        int before = log.lines().size();
        store.onCall(call -> {
            if (isFailing(one)) {
                throw new StoreException(StoreException.Reason.IO, "The store is gone", "Bring it back", null);
            }
        });
        try {
            one.call().accept(this, operations);
            assertTrue(
                    Set.of(Operation.VERIFY, Operation.VERIFY_LOG, Operation.CHECK)
                            .contains(one.action()),
                    "else it is thrown");
        } catch (BackupException e) {
            assertTrue(e.getMessage().contains("The store is gone"), e.getMessage());
        }
        assertEquals(List.of(one.action() + " " + one.target() + " failed admin-api"), log.linesFrom(before));
    }

    /** The keys are opened by the host before an actor uses them. */
    private boolean isFailing(Case one) {
        return !one.action().startsWith("keys.") || !decided.isEmpty();
    }

    private List<JsonNode> linesOf(String action, int from) {
        List<JsonNode> all = log.entries();
        return all.subList(from, all.size()).stream()
                .filter(line -> line.get("action").asText().equals(action))
                .toList();
    }

    @Test
    void aRecoveryCodeIsInNoLine() {
        RepositoryKeys keys = keys(operations);
        RecoveryCode code = keys.newRecoveryCode();
        keys.confirmRecovery(code, "mara");
        keys.remove(keys.add(SECOND, "second").id());
        assertThrows(BackupException.class, () -> keys.remove("0000000000000000"));
        String all = log.entries().toString();
        assertTrue(all.contains("keys.recovery.confirm"), all);
        for (String group : code.printed().split("-")) {
            assertFalse(all.contains(group), group);
        }
        assertTrue(log.lines().contains("keys.remove 0000000000000000 failed admin-api"));
    }

    @Test
    void keysWithoutAGateAreAuditedToo() {
        int before = log.lines().size();
        Cairn.audited(repository.keys(), log, Actor.of("installer")).declineRecovery("mara", "no printer");
        assertEquals(List.of("keys.recovery.decline mara allowed installer"), log.linesFrom(before));
    }

    @Test
    void aPolicyThatFailsDenies() {
        BackupOperations broken = BackupOperations.of(manager, (actor, operation) -> {
            throw new IllegalStateException("no directory");
        });
        int before = log.lines().size();
        OperationRefusedException thrown = assertThrows(OperationRefusedException.class, () -> broken.create(ANNA));
        assertEquals("policy_failed", thrown.reason().orElseThrow());
        assertEquals(List.of("snapshot.create  denied admin-api"), log.linesFrom(before));
    }

    @Test
    void anUnexpectedErrorOfTheHostsOwnOperationIsOneFailedLine() {
        int before = log.lines().size();
        assertThrows(
                IllegalStateException.class,
                () -> operations.run(ANNA, Operation.of("lane.remove", "lane-7"), () -> {
                    throw new IllegalStateException("no lane");
                }));
        assertEquals(List.of("lane.remove lane-7 failed admin-api"), log.linesFrom(before));
    }

    @Test
    void aPlanThatWasLookedAtIsRestoredAndNeverByAnotherName() {
        var plan = operations.plan(ANNA, "snap-1", with -> with.approvedBy("root", "they said so"));
        int before = log.lines().size();
        operations.restore(ANNA, plan);
        JsonNode line = linesOf(Operation.RESTORE, before).get(0);
        assertEquals("admin-api", line.get("actor").asText(), "whoever is named as approving, the actor is who calls");
        assertEquals(
                "root",
                linesOf("snapshot.restore.start", before)
                        .get(0)
                        .get("details")
                        .get("approvedBy")
                        .asText());
    }

    @Test
    void aManagerWithoutALogHasNoOperations() {
        SnapshotManager plain = Cairn.builder()
                .repository(Packed.at(new MemoryBlobStore()))
                .state(new MemoryBlobStore())
                .dataset(data)
                .callerThreadsOnly()
                .open();
        assertThrows(ConfigurationException.class, () -> BackupOperations.of(plain, OperationPolicy.allowAll()));
        plain.close();
    }

    @Test
    void callsOfManyActorsAtOnceAreOneLineEachAndNeverMixedUp() throws Exception {
        int threads = 8;
        int rounds = 12;
        BackupOperations gate = BackupOperations.of(
                manager,
                (actor, operation) -> operation.target().endsWith("3")
                        ? OperationPolicy.denied("no_threes")
                        : OperationPolicy.allowed());
        int before = log.lines().size();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch together = new CountDownLatch(1);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(pool.submit(rounds(gate, "actor-" + thread, rounds, together)));
            }
            together.countDown();
            for (Future<Void> each : running) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        List<JsonNode> all = log.entries();
        List<JsonNode> lines = all.subList(before, all.size());
        assertEquals(threads * rounds, lines.size());
        for (JsonNode line : lines) {
            String target = line.get("target").asText();
            assertTrue(target.startsWith(line.get("actor").asText() + "-"), line.toString());
            String expected = target.endsWith("3") ? "denied" : target.contains("create") ? "allowed" : "failed";
            assertEquals(expected, line.get("outcome").asText(), line.toString());
        }
    }

    private static Callable<Void> rounds(BackupOperations gate, String name, int rounds, CountDownLatch together) {
        Actor actor = Actor.of(name);
        return () -> {
            together.await();
            for (int round = 0; round < rounds; round++) {
                String suffix = "-" + round;
                try {
                    if (round % 4 == 0) {
                        gate.create(actor, name + "-create" + suffix, with -> with);
                    } else {
                        gate.show(actor, name + "-none" + suffix);
                    }
                } catch (BackupException e) {
                    // Which the line tells.
                }
            }
            return null;
        };
    }
}
