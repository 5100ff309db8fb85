package dev.cairn.backup.core.packed.check;

import static dev.cairn.backup.VerificationDepth.CONTENT;
import static dev.cairn.backup.VerificationDepth.MANIFEST;
import static dev.cairn.backup.VerificationDepth.PRESENCE;
import static dev.cairn.backup.VerificationDepth.RESTORE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.Progress;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CheckTest {

    private static final int FILE = 400 << 10;

    private final Stock stock = new Stock();
    private final Map<String, byte[]> first = Stock.files("a", 1, 9, FILE);
    private final Map<String, byte[]> second = Stock.files("b", 2, 4, FILE);
    private final Map<String, byte[]> all = Stock.both(first, second);

    /** Contents of the second snapshot are in two packs, its listing is in the second of them, and nothing needs the first pack's listing. */
    private PackId firstPack() {
        SnapshotId old = stock.write("old", first);
        PackId pack = stock.packs().iterator().next();
        stock.write("new", all);
        stock.repository.delete(old);
        return pack;
    }

    private static RepositoryReport check(Stock stock, VerificationDepth depth) {
        try (OpenStore open = stock.open()) {
            return Check.run(open, RepositoryCheck.of(depth));
        }
    }

    private static List<String> lost(RepositoryReport report) {
        return report.lost().getOrDefault(SnapshotId.of("new"), List.of()).stream()
                .sorted()
                .toList();
    }

    @Test
    void anIntactRepositoryPassesAtEveryDepth() {
        firstPack();
        for (VerificationDepth depth : VerificationDepth.values()) {
            RepositoryReport report = check(stock, depth);
            assertTrue(report.passed(), () -> depth + ": " + report);
            assertEquals(List.of(), report.warnings(), depth::name);
            assertEquals(1, report.snapshots());
            assertEquals(0, report.blobsLeft());
        }
    }

    @Test
    void anEmptyRepositoryPassesAtEveryDepth() {
        stock.repository.open();
        for (VerificationDepth depth : VerificationDepth.values()) {
            assertTrue(check(stock, depth).passed(), depth::name);
        }
    }

    @Test
    void contentIsCountedAndReportsItsProgress() {
        firstPack();
        long stored = stock.packs().stream()
                .mapToLong(pack -> stock.blobs.bytes(pack.blob()).length)
                .sum();
        List<Progress> told = new ArrayList<>();
        RepositoryReport report;
        try (OpenStore open = stock.open()) {
            report = Check.run(open, RepositoryCheck.of(CONTENT).progress(told::add));
        }
        assertTrue(report.bytesChecked() >= stored, report::toString);
        assertTrue(report.blobsChecked() >= 2 + 2 + 1, "two packs, two segments, a manifest: " + report);
        assertTrue(report.oldestCheck().isPresent());
        Progress end = told.get(told.size() - 1);
        assertEquals("check", end.operation());
        assertEquals(stored, end.bytes());
        assertEquals(stored, end.totalBytes().orElse(0));
    }

    @Test
    void aFlippedBitInABlockIsFoundByContentAndCostsTheEntriesOfThatBlock() {
        PackId pack = firstPack();
        List<Block> blocks = stock.blocks(pack);
        assertTrue(blocks.size() > 2, "some blocks stay good");
        stock.flip(pack, blocks.get(1));
        assertTrue(check(stock, MANIFEST).passed());
        assertTrue(check(stock, PRESENCE).passed());
        for (VerificationDepth depth : List.of(CONTENT, RESTORE)) {
            RepositoryReport report = check(stock.copy(), depth);
            assertEquals(stock.namesIn(blocks.get(1), first), lost(report), depth::name);
            assertTrue(report.problems().toString().contains(pack.blob().value()), report::toString);
            assertTrue(
                    report.problems().toString().contains("1 of its " + blocks.size() + " blocks"), report::toString);
        }
        assertEquals(stock.namesIn(blocks.get(1), first), stock.unreadable(SnapshotId.of("new"), all));
    }

    @Test
    void aPackThatWasFoundDamagedIsKnownToEveryPresenceCheckUntilItIsRightAgain() {
        PackId pack = firstPack();
        byte[] right = stock.blobs.bytes(pack.blob());
        Block block = stock.blocks(pack).get(0);
        stock.flip(pack, block);
        check(stock, CONTENT);
        assertEquals(List.of(BlobName.of("damaged/" + pack.hex())), stock.names("damaged"));
        RepositoryReport known = check(stock, PRESENCE);
        assertEquals(stock.namesIn(block, first), lost(known));
        stock.blobs.damage(pack.blob(), right);
        assertTrue(check(stock, PRESENCE).passed());
        assertEquals(List.of(), stock.names("damaged"));
    }

    @Test
    void aMissingPackIsFoundByPresenceAndCostsWhatWasInIt() {
        PackId pack = firstPack();
        stock.blobs.delete(pack.blob());
        assertTrue(check(stock, MANIFEST).passed());
        for (VerificationDepth depth : List.of(PRESENCE, CONTENT, RESTORE)) {
            RepositoryReport report = check(stock.copy(), depth);
            assertEquals(first.keySet().stream().map(path -> "docs/" + path).toList(), lost(report), depth::name);
            assertTrue(
                    report.problems().contains(pack.blob() + " is missing, and snapshots need it"), report::toString);
        }
    }

    @Test
    void aPackThatWasCutIsFoundByPresenceAndCostsTheBlocksThatWereCutOff() {
        PackId pack = firstPack();
        List<Block> blocks = stock.blocks(pack);
        Block cut = blocks.get(1);
        List<String> expected = new ArrayList<>();
        blocks.subList(1, blocks.size()).forEach(block -> expected.addAll(stock.namesIn(block, first)));
        stock.cut(pack.blob(), Stock.storedAt(cut.offset() + cut.stored() / 2));
        assertTrue(check(stock, MANIFEST).passed());
        for (VerificationDepth depth : List.of(PRESENCE, CONTENT)) {
            assertEquals(expected.stream().sorted().toList(), lost(check(stock.copy(), depth)), depth::name);
        }
        assertEquals(expected.stream().sorted().toList(), stock.unreadable(SnapshotId.of("new"), all));
    }

    @Test
    void aPackWhoseDirectoryIsDamagedKeepsTheBlocksThatTheIndexTellsOf() {
        PackId pack = firstPack();
        List<Block> blocks = stock.blocks(pack);
        Block last = blocks.get(blocks.size() - 1);
        int inDirectory = last.offset() + last.stored() + 10;
        List<String> inThatFrame = new ArrayList<>();
        for (Block block : blocks) {
            if ((block.offset() + block.stored() - 1 + 8) / 16_384 == (inDirectory + 8) / 16_384) {
                inThatFrame.addAll(stock.namesIn(block, first));
            }
        }
        stock.flip(pack.blob(), Stock.storedAt(inDirectory));
        RepositoryReport report = check(stock, CONTENT);
        assertFalse(report.passed());
        assertTrue(inThatFrame.size() < first.size(), "most blocks lie elsewhere");
        assertEquals(inThatFrame.stream().sorted().toList(), lost(report));
        assertEquals(lost(report), stock.unreadable(SnapshotId.of("new"), all));
    }

    @Test
    void aManifestThatIsDamagedIsFoundByTheLeastDepth() {
        firstPack();
        stock.write("other", second);
        stock.flip(BlobName.of("snapshots/new"), 200);
        RepositoryReport report = check(stock, MANIFEST);
        assertEquals(Set.of(SnapshotId.of("new")), report.lost().keySet());
        assertEquals(1, report.problems().size(), report::toString);
        assertTrue(report.problems().get(0).contains("snapshots/new"), report::toString);
        assertEquals(2, report.snapshots());
    }

    @Test
    void aListingThatIsDamagedIsFoundByTheLeastDepthAndOthersAreRead() {
        PackId pack = firstPack();
        Set<PackId> others = stock.packs();
        others.remove(pack);
        PackId withListing = others.iterator().next();
        List<Block> blocks = stock.blocks(withListing);
        Set<PackId> before = stock.packs();
        SnapshotId sound = stock.write("sound", Stock.files("c", 3, 2, 1000));
        stock.packSince(before);
        stock.flip(withListing, blocks.get(blocks.size() - 1));
        RepositoryReport report = check(stock, MANIFEST);
        assertEquals(Set.of(SnapshotId.of("new")), report.lost().keySet(), report::toString);
        assertEquals(List.of("docs/(entries from the first entry to the last, whose listing is lost)"), lost(report));
        assertTrue(report.problems().stream().anyMatch(problem -> problem.contains("listing")), report::toString);
        RepositoryReport deep = check(stock, RESTORE);
        assertFalse(deep.lost().containsKey(sound), deep::toString);
    }

    @Test
    void aDamagedIndexIsFoundByTheLeastDepthAndLosesNothing() {
        firstPack();
        BlobName segment = stock.names("index").get(0);
        stock.flip(segment, 120);
        for (VerificationDepth depth : VerificationDepth.values()) {
            RepositoryReport report = check(stock.copy(), depth);
            assertFalse(report.passed(), depth::name);
            assertEquals(Map.of(), report.lost(), depth::name);
            assertTrue(report.problems().toString().contains(segment + " cannot be used: rebuild"), report::toString);
            assertFalse(report.warnings().isEmpty(), depth::name);
        }
    }

    @Test
    void aLostIndexLosesNothing() {
        firstPack();
        stock.names("index").forEach(stock.blobs::delete);
        for (VerificationDepth depth : VerificationDepth.values()) {
            RepositoryReport report = check(stock.copy(), depth);
            assertTrue(report.problems().toString().contains("The index lacks"), report::toString);
            assertEquals(Map.of(), report.lost(), depth::name);
        }
    }

    @Test
    void damageToAnyBlobIsToldAndNeverThrown() {
        PackId pack = firstPack();
        stock.flip(pack, stock.blocks(pack).get(0));
        check(stock, CONTENT);
        stock.blobs.putIfAbsent(
                BlobName.of("condemned/0000000000000000001"), BlobContent.of("no record at all, but a long text"));
        stock.repository.read(SnapshotId.of("new")); // Leaves its record, which is what is wanted here.
        for (BlobName name : stock.names("")) {
            String folder = name.value().replaceAll("/.*", "");
            if (folder.equals("keys") || folder.equals("cairn.json")) {
                continue; // Without them nothing is opened that could be checked.
            }
            Stock damaged = stock.copy();
            damaged.flip(name, damaged.blobs.bytes(name).length / 2);
            RepositoryReport report = check(damaged, CONTENT);
            if (Set.of("packs", "index", "snapshots", "condemned", "readers").contains(folder)) {
                assertTrue(report.problems().toString().contains(name.value()), () -> name + ": " + report);
            }
            if (folder.equals("ledger")) {
                assertTrue(report.warnings().toString().contains(name.value()), () -> name + ": " + report);
            }
        }
    }

    @Test
    void aDamagedChunkThatAnotherPackHoldsIsNotLost() {
        PackId pack = firstPack();
        Stock other = stock.copy();
        stock.blobs.delete(pack.blob());
        Set<PackId> before = stock.packs();
        stock.write("again", first);
        PackId twin = stock.packSince(before);
        stock.blobs.putIfAbsent(pack.blob(), BlobContent.of(other.blobs.bytes(pack.blob())));
        stock.flip(pack, other.blocks(pack).get(0));
        RepositoryReport report = check(stock, CONTENT);
        assertFalse(report.passed());
        assertEquals(Map.of(), report.lost(), () -> "also in " + twin);
    }

    @Test
    void whatEachSnapshotLacksIsNamedForEach() {
        PackId pack = firstPack();
        SnapshotId half = stock.write("half", Stock.files("a", 1, 3, FILE));
        Block block = stock.blocks(pack).get(0);
        stock.flip(pack, block);
        RepositoryReport report = check(stock, CONTENT);
        assertEquals(stock.namesIn(block, first), lost(report));
        List<String> ofHalf = stock.namesIn(block, Stock.files("a", 1, 3, FILE));
        assertEquals(ofHalf, report.lost().getOrDefault(half, List.of()));
        assertEquals(ofHalf, stock.unreadable(half, Stock.files("a", 1, 3, FILE)));
    }

    @Test
    void aStoreThatCannotBeWrittenIsCheckedAllTheSame() {
        PackId pack = firstPack();
        stock.flip(pack, stock.blocks(pack).get(0));
        FaultyBlobStore full = FaultyBlobStore.over(stock.blobs).fullAfter(0);
        try (OpenStore open = Stock.open(full)) {
            RepositoryReport report = Check.run(open, RepositoryCheck.of(CONTENT));
            assertFalse(report.lost().isEmpty());
            assertEquals(2, report.warnings().size(), report::toString);
        }
        assertEquals(List.of(), stock.names("damaged"));
    }

    @Test
    void aCancelledCheckEndsWithWhatItFound() {
        firstPack();
        stock.flip(BlobName.of("index/" + stock.names("index").get(0).lastComponent()), 120);
        CancellationToken token = new CancellationToken();
        FaultyBlobStore watched = FaultyBlobStore.over(stock.blobs).onCall(call -> {
            if (call.name().startsWith("packs/") && call.operation() == FaultyBlobStore.Operation.READ) {
                token.cancel();
            }
        });
        try (OpenStore open = Stock.open(watched)) {
            RepositoryReport report =
                    Check.run(open, RepositoryCheck.of(RESTORE).cancellation(token));
            assertFalse(report.problems().isEmpty());
            assertTrue(report.warnings().contains("The check was cancelled before its end"), report::toString);
        }
    }

    @Test
    void anInterruptEndsItAndIsKept() {
        firstPack();
        try (OpenStore open = stock.open()) {
            Thread.currentThread().interrupt();
            assertThrows(BackupCancelledException.class, () -> Check.run(open, RepositoryCheck.of(CONTENT)));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void theRecordOfADamagedPackThatIsGoneIsRemoved() {
        firstPack();
        stock.blobs.putIfAbsent(BlobName.of("damaged/" + "ab".repeat(32)), BlobContent.of("damaged"));
        assertTrue(check(stock, PRESENCE).passed());
        assertEquals(new TreeSet<>(), new TreeSet<>(stock.names("damaged")));
    }

    @Test
    void aPackThatTheStoreFailsToReadIsAProblemAndTheOthersAreReadAllTheSame() {
        PackId pack = firstPack();
        FaultyBlobStore failing = FaultyBlobStore.over(stock.blobs).onCall(call -> {
            if (call.name().equals(pack.blob().value()) && call.operation() == FaultyBlobStore.Operation.READ) {
                throw new StoreException(StoreException.Reason.IO, "a bad sector", "Replace the disk", null);
            }
        });
        try (OpenStore open = Stock.open(failing)) {
            RepositoryReport report = Check.run(open, RepositoryCheck.of(CONTENT));
            assertEquals(1, report.problems().size(), report::toString);
            assertTrue(report.problems().get(0).contains(pack.hex()), report::toString);
            assertEquals(Map.of(), report.lost(), "its blocks can be read one by one");
            assertEquals(0, report.blobsLeft());
        }
    }

    @Test
    void aPackThatASweepRemovesMeanwhileIsNoProblem() {
        firstPack();
        stock.repository.delete(SnapshotId.of("new"));
        FaultyBlobStore swept = FaultyBlobStore.over(stock.blobs).onCall(call -> {
            if (call.name().startsWith("packs/") && call.operation() == FaultyBlobStore.Operation.READ) {
                stock.blobs.delete(BlobName.of(call.name()));
            }
        });
        try (OpenStore open = Stock.open(swept)) {
            assertTrue(Check.run(open, RepositoryCheck.of(CONTENT)).passed());
        }
        assertEquals(List.of(), stock.names("damaged"));
    }

    @Test
    void aSnapshotThatIsDeletedMeanwhileHasLostNothing() {
        PackId pack = firstPack();
        stock.flip(pack, stock.blocks(pack).get(0));
        FaultyBlobStore deleting = FaultyBlobStore.over(stock.blobs).onCall(call -> {
            if (call.name().startsWith("packs/") && call.operation() == FaultyBlobStore.Operation.READ) {
                stock.blobs.delete(BlobName.of("snapshots/new"));
            }
        });
        try (OpenStore open = Stock.open(deleting)) {
            assertEquals(Map.of(), Check.run(open, RepositoryCheck.of(CONTENT)).lost());
        }
    }

    @Test
    void whatIsCommittedMeanwhileIsNotTakenForDamaged() {
        firstPack();
        boolean[] once = new boolean[1];
        FaultyBlobStore busy = FaultyBlobStore.over(stock.blobs).onCall(call -> {
            if (call.name().equals("index") && !once[0]) {
                once[0] = true;
                new Stock(stock.blobs).write("meanwhile", Stock.files("m", 7, 3, 1000));
            }
        });
        try (OpenStore open = Stock.open(busy)) {
            RepositoryReport report = Check.run(open, RepositoryCheck.of(RESTORE));
            assertTrue(report.passed(), report::toString);
            assertEquals(List.of(), report.warnings());
        }
        assertTrue(once[0]);
    }

    @Test
    void inLongListingsThatSnapshotsShareEachLacksWhatItNames() {
        Map<String, byte[]> large = Stock.files("m", 8, 1, FILE);
        Map<String, byte[]> many = Stock.both(Stock.files("a", 9, 1500, 40), Stock.files("z", 10, 1500, 40));
        SnapshotId old = stock.write("old", large);
        PackId pack = stock.packs().iterator().next();
        SnapshotId one = stock.write("one", Stock.both(many, large));
        SnapshotId two = stock.write("two", Stock.both(Stock.both(many, large), second));
        SnapshotId three = stock.write("three", many);
        stock.repository.delete(old);
        stock.blobs.delete(pack.blob());
        RepositoryReport report = check(stock, PRESENCE);
        assertEquals(Map.of(one, List.of("docs/m/000"), two, List.of("docs/m/000")), report.lost(), three::value);
    }
}
