package dev.cairn.backup.core.packed.check;

import static dev.cairn.backup.VerificationDepth.CONTENT;
import static dev.cairn.backup.VerificationDepth.MANIFEST;
import static dev.cairn.backup.VerificationDepth.PRESENCE;
import static dev.cairn.backup.VerificationDepth.RESTORE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RepairTest {

    private static final int FILE = 400 << 10;

    private final Stock stock = new Stock();
    private final Map<String, byte[]> first = Stock.files("a", 1, 9, FILE);
    private final Map<String, byte[]> second = Stock.files("b", 2, 4, FILE);
    private final Map<String, byte[]> all = Stock.both(first, second);
    private final SnapshotId newer = SnapshotId.of("new");

    private PackId firstPack() {
        SnapshotId old = stock.write("old", first);
        PackId pack = stock.packs().iterator().next();
        stock.write("new", all);
        stock.repository.delete(old);
        return pack;
    }

    private static RepairReport repair(Stock stock, VerificationDepth depth) {
        return repair(stock, depth, Instant.now());
    }

    private static RepairReport repair(Stock stock, VerificationDepth depth, Instant now) {
        try (OpenStore open = stock.open()) {
            SnapshotClaims claims = new SnapshotClaims(stock.blobs, "", () -> 0);
            return Repair.run(open, claims, RepositoryCheck.of(depth), () -> now);
        }
    }

    private static RepositoryReport check(Stock stock, VerificationDepth depth) {
        try (OpenStore open = stock.open()) {
            return Check.run(open, RepositoryCheck.of(depth));
        }
    }

    private static void sweep(Stock stock) {
        new Stock(stock.blobs).repository.maintenance().orElseThrow().sweep(SweepRequest.defaults());
    }

    @Test
    void anIntactRepositoryIsLeftAsItIs() {
        firstPack();
        List<BlobName> before = new ArrayList<>(stock.names(""));
        before.removeIf(name -> name.value().startsWith("sequence/"));
        RepairReport report = repair(stock, MANIFEST);
        assertEquals(List.of(), report.actions());
        assertTrue(report.found().passed());
        List<BlobName> after = new ArrayList<>(stock.names(""));
        after.removeIf(name -> name.value().startsWith("sequence/"));
        assertEquals(before, after);
    }

    @Test
    void aLostIndexIsRebuiltAndEverythingIsReadableAgain() {
        firstPack();
        stock.names("index").forEach(stock.blobs::delete);
        RepairReport report = repair(stock, PRESENCE);
        assertFalse(report.found().passed());
        assertEquals(Map.of(), report.found().lost());
        assertEquals(1, report.actions().size(), report::toString);
        assertEquals(List.of(), stock.unreadable(newer, all));
        assertTrue(check(stock, RESTORE).passed());
        assertEquals(List.of(), repair(stock, PRESENCE).actions());
    }

    @Test
    void aDamagedSegmentIsReplacedAndOthersStay() {
        firstPack();
        BlobName damaged = stock.names("index").get(0);
        BlobName sound = stock.names("index").get(1);
        stock.flip(damaged, 130);
        RepairReport report = repair(stock, MANIFEST);
        assertEquals(2, report.actions().size(), report::toString);
        assertTrue(stock.names("index").contains(sound));
        assertFalse(stock.names("index").contains(damaged));
        assertEquals(List.of(), stock.unreadable(newer, all));
        assertTrue(check(stock, RESTORE).passed());
        assertEquals(List.of(), repair(stock, CONTENT).actions());
        sweep(stock);
        assertEquals(List.of(), stock.unreadable(newer, all));
    }

    @Test
    void aDamagedPackCostsExactlyTheEntriesOfItsBadBlocksWhateverTheDepth() {
        PackId pack = firstPack();
        Block bad = stock.blocks(pack).get(1);
        stock.flip(pack, bad);
        check(stock, CONTENT);
        List<String> expected = stock.namesIn(bad, first);
        for (VerificationDepth depth : VerificationDepth.values()) {
            Stock copy = stock.copy();
            RepairReport report = repair(copy, depth);
            assertEquals(Map.of(newer, expected), sorted(report.found()), depth::name);
            assertTrue(copy.blobs.stat(pack.blob()).isPresent(), "a repair deletes no pack");
            assertEquals(expected, copy.unreadable(newer, all));
            copy.blobs.delete(pack.blob());
            assertEquals(expected, copy.unreadable(newer, all), "its good blocks were copied");
        }
    }

    private static Map<SnapshotId, List<String>> sorted(RepositoryReport report) {
        Map<SnapshotId, List<String>> lost = new TreeMap<>(report.lost());
        lost.replaceAll((id, names) -> names.stream().sorted().toList());
        return lost;
    }

    @Test
    void contentThatIsMissingIsStoredAgainByTheNextBackupAndOldSnapshotsAreWholeAgain() {
        PackId pack = firstPack();
        Block bad = stock.blocks(pack).get(1);
        stock.flip(pack, bad);
        assertFalse(repair(stock, CONTENT).found().passed());
        SnapshotId next = new Stock(stock.blobs).write("next", Optional.of(newer), all);
        assertEquals(List.of(), stock.unreadable(next, all));
        assertEquals(List.of(), stock.unreadable(newer, all));
        RepositoryReport report = check(stock, RESTORE);
        assertEquals(Map.of(), report.lost());
        sweep(stock);
        assertFalse(stock.blobs.stat(pack.blob()).isPresent(), "nothing needs it any more");
        assertTrue(check(stock, RESTORE).passed(), "and with it its record went");
        assertEquals(List.of(), stock.unreadable(newer, all));
    }

    @Test
    void aPackThatIsGoneIsStoredAgainByTheNextBackup() {
        PackId pack = firstPack();
        stock.blobs.delete(pack.blob());
        RepairReport report = repair(stock, CONTENT);
        assertEquals(first.size(), sorted(report.found()).get(newer).size());
        new Stock(stock.blobs).write("next", Optional.of(newer), all);
        assertTrue(check(stock, RESTORE).passed());
        assertEquals(List.of(), stock.unreadable(newer, all));
    }

    @Test
    void aRepairIsIdempotent() {
        PackId pack = firstPack();
        stock.flip(pack, stock.blocks(pack).get(0));
        stock.names("index").forEach(stock.blobs::delete);
        assertEquals(2, repair(stock, CONTENT).actions().size());
        RepairReport again = repair(stock, CONTENT);
        assertEquals(List.of(), again.actions());
        assertEquals(1, again.found().lost().size());
    }

    @Test
    void aPackThatWasCutGivesWhatIsLeftOfIt() {
        PackId pack = firstPack();
        Block cut = stock.blocks(pack).get(1);
        List<String> expected = new ArrayList<>();
        stock.blocks(pack).stream().skip(1).forEach(block -> expected.addAll(stock.namesIn(block, first)));
        stock.cut(pack.blob(), Stock.storedAt(cut.offset() + cut.stored() / 2));
        RepairReport report = repair(stock, PRESENCE);
        assertEquals(expected.stream().sorted().toList(), sorted(report.found()).get(newer));
        stock.blobs.delete(pack.blob());
        assertEquals(expected.stream().sorted().toList(), stock.unreadable(newer, all));
    }

    @Test
    void packsOfARunningWriterMayBeIndexedWithoutHarm() {
        firstPack();
        Map<String, byte[]> fresh =
                Stock.files("c", 3, 90, FILE); // Three packs: when the third is full the first is there.
        Stock other = new Stock(stock.blobs);
        try (SnapshotWriter writer = other.repository.begin(number -> SnapshotId.of("slow"))) {
            Set<PackId> before = stock.packs();
            DatasetSummary summary = Stock.put(writer, fresh);
            assertFalse(stock.packs().equals(before), "it has put a pack that no index tells of");
            assertEquals(1, repair(stock, PRESENCE).actions().size());
            new Stock(stock.blobs)
                    .repository
                    .maintenance()
                    .orElseThrow()
                    .sweep(SweepRequest.defaults().maxUnused(0.1));
            Stock.commit(writer, summary);
        }
        sweep(stock);
        assertEquals(List.of(), stock.unreadable(SnapshotId.of("slow"), fresh));
        assertTrue(check(stock, RESTORE).passed());
    }

    @Test
    void repairsAndSweepsBesideWritersLoseNothing() throws Exception {
        firstPack();
        Map<SnapshotId, Map<String, byte[]>> written = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < 2; w++) {
                int writer = w;
                all.add(threads.submit(() -> {
                    Stock process = new Stock(stock.blobs);
                    for (int i = 0; i < 12; i++) {
                        Map<String, byte[]> files = Stock.both(
                                Stock.files("common", i / 3, 6, 30_000), Stock.files("own" + writer, i, 3, 30_000));
                        SnapshotId id = process.write("w" + writer + "-" + i, files);
                        written.put(id, files);
                        if (i % 3 == 2) {
                            process.repository.delete(id);
                            written.remove(id);
                        }
                    }
                }));
            }
            all.add(threads.submit(() -> {
                for (int i = 0; i < 6; i++) {
                    repair(stock, i % 2 == 0 ? PRESENCE : CONTENT);
                    if (i % 2 == 0) {
                        sweep(stock);
                    }
                }
            }));
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        written.forEach((id, files) -> assertEquals(List.of(), stock.unreadable(id, files), id::value));
        RepositoryReport report = check(stock, RESTORE);
        assertTrue(report.passed(), report::toString);
        assertEquals(List.of(), stock.names("sessions"));
    }

    @Test
    void whatDeadProcessesLeftIsRemovedAfterADay() {
        firstPack();
        try (OpenStore open = stock.open();
                SnapshotReader reader = stock.repository.read(newer)) {
            BlobName drain = BlobName.of("condemned/0000000000000000007.drain");
            stock.blobs.putIfAbsent(drain, BlobContent.of("3"));
            open.sessions().sweep(900, Instant.now());
            open.sessions().write(901, newer, Instant.now());
            open.sessions().write(902, SnapshotId.of("running"), Instant.now());
            BlobName tombstone = BlobName.of("snapshots/fenced");
            stock.blobs.putIfAbsent(tombstone, BlobContent.of("tombstone\n"));

            assertEquals(2, repair(stock, MANIFEST).actions().size(), "the drain and the session of what is committed");
            assertEquals(2, stock.names("sessions").size());
            assertEquals(1, stock.names("readers").size());

            List<String> later = repair(stock, MANIFEST, Instant.now().plus(Duration.ofDays(2)))
                    .actions();
            assertEquals(2, later.size(), later::toString);
            assertEquals(List.of(), stock.names("readers"));
            assertEquals(List.of(BlobName.of("sessions/0000000000000000902-running")), stock.names("sessions"));
            assertTrue(stock.blobs.stat(tombstone).isPresent(), "a fenced writer may yet wake up");
            assertEquals(newer, reader.manifest().metadata().id());
        }
    }

    @Test
    void aDamagedReadersRecordThatKeepsSweepsFromTheirWorkIsRemoved() {
        firstPack();
        SnapshotReader reader = stock.repository.read(newer);
        BlobName record = stock.names("readers").get(0);
        stock.flip(record, 130);
        assertEquals(1, repair(stock, MANIFEST).actions().size());
        assertEquals(List.of(), stock.names("readers"));
        reader.close();
        sweep(stock);
        assertEquals(
                1,
                stock.repository.list().stream()
                        .filter(StoredSnapshot.Committed.class::isInstance)
                        .count());
    }

    @Test
    void aRepairLeavesNoSessionBehind() {
        firstPack();
        repair(stock, CONTENT);
        assertEquals(List.of(), stock.names("sessions"));
    }
}
