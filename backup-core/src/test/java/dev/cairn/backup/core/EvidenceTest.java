package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.audit.WrittenLog;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.proof.SigningKeys;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.ReceiptSigner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a manager leaves as proof of what it did, and what it tells of the chain. */
class EvidenceTest {

    private final TestHost host = new TestHost();

    private CairnBuilder signing() {
        return host.builder().receipts(SigningKeys.factory()).receiptKeys(SigningKeys.trusted());
    }

    private void deleteBehindItsBack(SnapshotMetadata snapshot) {
        host.blobs.list(snapshot.id().value()).stream().map(BlobInfo::name).forEach(host.blobs::delete);
    }

    @Test
    void aVerificationAndARestoreLeaveReceiptsOfWhatTheyShowed() {
        SnapshotManager manager = signing().maxAge(Duration.ofDays(1)).open();
        SnapshotMetadata first = manager.create();
        host.data.file("a", "second");
        manager.verify(first.id());
        host.clock.advance(Duration.ofMinutes(7));
        RestoreReport restored = manager.restore(manager.plan(RestoreRequest.of(first.id())));
        manager.rollback(restored);

        List<Receipt> receipts = manager.receipts().all();
        assertEquals(
                List.of("VERIFICATION PASSED", "RESTORE COMPLETED", "RESTORE COMPLETED"),
                receipts.stream().map(r -> r.kind() + " " + r.verdict()).toList());
        Receipt verified = receipts.get(0);
        assertEquals(first.id(), verified.snapshot().id());
        assertEquals("1", verified.facts().get("entries"));
        assertEquals("5", verified.facts().get("bytes"));
        assertEquals("0", verified.facts().get("problems"));
        Receipt restore = receipts.get(1);
        assertEquals(restored.restoreId(), restore.facts().get("restoreId"));
        assertEquals("420000", restore.facts().get("ageMillis"));
        assertEquals(
                restored.safetySnapshot().orElseThrow().value(), restore.facts().get("safetySnapshot"));
        for (String step : restored.steps().keySet()) {
            assertEquals(
                    Long.toString(restored.steps().get(step).toMillis()),
                    restore.facts().get(step + ".millis"));
        }
        assertEquals(restored.startedAt().plus(restored.elapsed()), restore.finishedAt());
        assertEquals(first.id().value(), receipts.get(2).facts().get("safetyFor"), "which restore was undone");
        for (Receipt receipt : receipts) {
            Receipt file = ReceiptFile.decode("it", ReceiptFile.encode(receipt));
            assertTrue(SigningKeys.trusted().verify(file).signedBy("factory"));
        }
        assertTrue(manager.receipts().verify().intact());
        assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
    }

    @Test
    void aVerificationThatFoundDamageIsAttestedAsOne() {
        SnapshotManager manager = signing().open();
        SnapshotMetadata first = manager.create();
        host.blobs.list(first.id() + "/snapshot").stream().map(BlobInfo::name).forEach(host.blobs::delete);
        assertFalse(manager.verify(first.id()).passed());
        Receipt receipt = manager.receipts().find(1).orElseThrow();
        assertEquals("FAILED", receipt.verdict());
        assertTrue(receipt.facts().get("firstProblems").contains("a"), receipt::toString);
    }

    @Test
    void aSnapshotIsAttestedWhenItIsAskedForAndCountersignedByASecondParty() {
        SnapshotManager manager = signing().open();
        SnapshotId id = manager.create().id();
        assertEquals(List.of(), manager.receipts().all(), "a snapshot leaves none by itself");
        Receipt receipt = manager.receipts().attest(id);
        assertEquals(Receipt.Kind.SNAPSHOT, receipt.kind());
        assertEquals("MANUAL", receipt.facts().get("trigger"));
        Receipt both = manager.receipts().countersign(receipt.number(), SigningKeys.tower());
        assertTrue(SigningKeys.trusted().verify(both).signedBy("factory", "tower"));
        assertEquals(List.of(both), manager.receipts().all());
        manager.receipts().remove(receipt.number(), "anna", "asked for by the customer");
        assertEquals(List.of(), manager.receipts().all());
        assertTrue(manager.receipts().verify().intact());
    }

    @Test
    void withoutASignerNothingIsAttestedByItself() {
        SnapshotManager manager = host.open();
        manager.verify(manager.create().id());
        assertEquals(List.of(), manager.receipts().all());
    }

    @Test
    void aSignerThatIsAwayHoldsNothingUpAndHealthTells() {
        AtomicBoolean away = new AtomicBoolean(true);
        ReceiptSigner vault = new ReceiptSigner() {
            @Override
            public String keyId() {
                return "factory";
            }

            @Override
            public Receipt.Algorithm algorithm() {
                return Receipt.Algorithm.ED25519;
            }

            @Override
            public byte[] sign(byte[] message) {
                if (away.get()) {
                    throw new IllegalStateException("the vault is sealed");
                }
                return SigningKeys.factory().sign(message);
            }
        };
        SnapshotManager manager =
                signing().receipts(vault).manualRetention(Retention.keepLast(1)).open();
        SnapshotId first = manager.create().id();
        assertTrue(manager.verify(first).passed());
        manager.restore(manager.plan(RestoreRequest.of(first).approvedBy("anna", "a rehearsal")));
        manager.unpin(first);
        manager.create();
        manager.create();
        assertTrue(manager.prune() > 0, "removing waits for no key");
        assertTrue(manager.health().problems().toString().contains("'factory' failed"));
        assertTrue(manager.verifyChain().intact());
        away.set(false);
        SnapshotId last = manager.create().id();
        manager.verify(last);
        assertEquals(List.of(), manager.health().problems());
        assertEquals(1, manager.receipts().all().size());
        manager.close();
        assertTrue(signing().open().verifyChain().intact(), "the stubs that waited are signed now");
    }

    @Test
    void aBreakIsToldUntilTheWholeChainHolds() {
        SnapshotManager manager = signing().open();
        SnapshotMetadata gone = manager.create();
        manager.create();
        manager.create();
        assertEquals(3, manager.verifyChain().checked());
        deleteBehindItsBack(gone);
        ChainBreak found = manager.verifyChain().firstBreak().orElseThrow();
        assertEquals(ChainBreak.Kind.MISSING, found.kind());
        assertEquals(1, host.events(BackupEvent.ChainBroken.class).size());
        assertTrue(manager.verifyChain(3, 3).intact());
        assertTrue(manager.health().problems().toString().contains("snap-1"), "3 holds, but 1 is gone all the same");
        assertThrows(InvalidValueException.class, () -> manager.acknowledge(found, " ", "why"));
        ChainVerification left = manager.acknowledge(found, "anna", "deleted by hand to make room");
        assertTrue(left.intact(), left::describe);
        assertEquals(List.of(), manager.health().problems());
        manager.close();
        assertEquals(List.of(), signing().open().health().problems());
    }

    @Test
    void whatRetentionRemovesIsExplainedAlsoByTheStubsFromBeforeKeysWereTrusted() {
        SnapshotManager before =
                host.builder().manualRetention(Retention.keepLast(1)).open();
        for (int i = 0; i < 3; i++) {
            before.create();
        }
        assertEquals(2, before.prune());
        before.close();
        SnapshotManager manager =
                signing().manualRetention(Retention.keepLast(1)).open();
        manager.create();
        assertEquals(1, manager.prune());
        ChainVerification found = manager.verifyChain();
        assertTrue(found.intact(), found::describe);
        assertEquals(3, found.removed());
    }

    @Test
    void keysThatWouldNotTrustThisInstallationAreRefused() {
        ReceiptKeys tower = ReceiptKeys.none().ed25519("tower", SigningKeys.publicPem(SigningKeys.TOWER));
        CairnBuilder unsigned = host.builder().receiptKeys(tower);
        assertTrue(assertThrows(ConfigurationException.class, unsigned::open)
                .getMessage()
                .contains("nothing is signed"));
        CairnBuilder other = host.builder().receipts(SigningKeys.factory()).receiptKeys(tower);
        assertTrue(assertThrows(ConfigurationException.class, other::open)
                .getMessage()
                .contains("'factory'"));
    }

    @Test
    void aBreakIsAFailedLineAndAnIncident(@TempDir Path folder) {
        WrittenLog log = WrittenLog.in(folder);
        SnapshotManager manager = signing().audit(log).open();
        SnapshotMetadata gone = manager.create();
        manager.create();
        manager.receipts().attest(gone.id());
        manager.verifyChain();
        deleteBehindItsBack(gone);
        ChainBreak found = manager.verifyChain().firstBreak().orElseThrow();
        manager.acknowledge(found, "anna", "known");
        assertEquals(
                List.of(
                        "receipts.issue snap-1 allowed host",
                        "chain.verify repository allowed host",
                        "chain.verify repository failed host",
                        "chain.acknowledge snapshot snap-1 allowed host"),
                log.linesFrom(2));
        assertEquals(List.of(Incident.CHAIN_BROKEN + " ESCALATE [repository]"), log.incidents());
        assertTrue(log.isIntact());
    }
}
