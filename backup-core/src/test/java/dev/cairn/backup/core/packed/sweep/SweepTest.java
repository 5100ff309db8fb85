package dev.cairn.backup.core.packed.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.packed.fence.Waste;
import dev.cairn.backup.core.packed.fence.World;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepTest {

    private final World world = World.create();
    private final MemoryBlobStore blobs = world.blobs();
    private final PackedRepository repository = Packed.at(blobs);

    @AfterEach
    void close() {
        repository.close();
    }

    private SnapshotId backup(Integer... files) {
        return world.backup(repository, Optional.empty(), List.of(files));
    }

    private SweepReport sweep() {
        return World.sweep(repository);
    }

    private Set<String> names(String folder) {
        Set<String> names = new HashSet<>();
        blobs.list(folder).forEach(blob -> names.add(blob.name().value()));
        return names;
    }

    @Test
    void whatNothingNeedsAnyMoreIsFreedAndWhatIsSharedStays() {
        SnapshotId first = backup(1, 2, 3);
        Set<String> ofFirst = names("packs");
        backup(11, 12, 13);
        SnapshotId third = backup(11, 12, 13, 14);
        long before = blobs.totalBytes();
        world.delete(repository, first);
        world.delete(repository, third);
        SweepReport report = sweep();
        assertEquals(2, report.packsRemoved());
        assertEquals(0, report.packsRewritten());
        assertEquals(0, report.packsWaiting());
        assertTrue(report.bytesFreed() > 8_000, report::toString);
        assertTrue(blobs.totalBytes() <= before - report.bytesFreed(), report::toString);
        assertTrue(names("packs").stream().noneMatch(ofFirst::contains));
        world.settle();
        assertEquals(0, sweep().packsRemoved());
    }

    @Test
    void aRepositoryWithoutSnapshotsIsSweptEmpty() {
        world.delete(repository, backup(1, 2, 3));
        world.delete(repository, backup(2, 3, 4));
        sweep();
        assertEquals(Set.of(), names("packs"));
        assertEquals(Set.of(), names("index"));
        backup(1, 2, 3);
        world.settle();
    }

    @Test
    void aPackOfWhichMoreThanHalfIsUnusedIsWrittenAnew() {
        SnapshotId first = backup(1, 2, 3, 4, 5, 6, 7, 8);
        Set<String> ofFirst = names("packs");
        backup(1, 2);
        world.delete(repository, first);
        SweepReport report = sweep();
        assertEquals(1, report.packsRemoved());
        assertEquals(1, report.packsRewritten());
        assertTrue(names("packs").stream().noneMatch(ofFirst::contains));
        assertEquals(0, Waste.in(blobs).deadBytes());
        world.settle();
    }

    @Test
    void aPackOfWhichLessThanHalfIsUnusedStays() {
        SnapshotId first = backup(1, 2, 3, 4, 5, 6, 7, 8);
        backup(1, 2, 3, 4, 5, 6);
        Set<String> before = names("packs");
        world.delete(repository, first);
        assertEquals(0, sweep().packsRemoved());
        assertEquals(before, names("packs"));
        assertTrue(Waste.in(blobs).deadBytes() > 0);
        world.assertWhole();
    }

    @Test
    void howMuchMayBeUnusedIsTheCallersChoice() {
        SnapshotId first = backup(1, 2, 3, 4, 5, 6, 7, 8);
        backup(8);
        world.delete(repository, first);
        assertEquals(0, World.sweep(repository, 1).packsRemoved());
        SnapshotId third = backup(11, 12, 13, 14, 15, 16, 17, 18);
        backup(11, 12, 13, 14, 15, 16, 17);
        world.delete(repository, third);
        SweepReport report = World.sweep(repository, 0);
        assertEquals(2, report.packsRewritten());
        assertEquals(0, Waste.in(blobs).deadBytes());
        assertEquals(0, World.sweep(repository, 0).packsRemoved());
        world.settle();
    }

    @Test
    void theIndexIsSmallAndRightAfterwards() {
        for (int i = 0; i < 20; i++) {
            backup(i, i + 1, i + 2);
        }
        assertEquals(20, names("index").size());
        world.delete(repository, SnapshotId.of("snap-1"));
        world.delete(repository, SnapshotId.of("snap-7"));
        World.sweep(repository, 0);
        assertTrue(names("index").size() <= 2, () -> names("index").toString());
        Waste waste = Waste.in(blobs);
        assertEquals(Set.of(), waste.indexedButGone());
        assertEquals(Set.of(), waste.unindexed());
        world.settle();
    }

    @Test
    void aReaderThatWasOpenBeforeReadsToItsEnd() {
        SnapshotId first = backup(1, 2, 3, 4);
        backup(9);
        try (SnapshotReader reader = repository.read(first)) {
            world.delete(repository, first);
            assertEquals(0, sweep().packsRemoved());
            backup(10);
            World.sweep(repository, 0);
            world.assertContent(reader, first);
        }
        assertTrue(sweep().packsRemoved() > 0);
        world.settle();
    }

    @Test
    void aReaderWhosePacksAreWrittenAnewFollowsThem() {
        SnapshotId first = backup(1, 2, 3, 4, 5, 6);
        SnapshotId second = backup(1, 2);
        try (SnapshotReader reader = repository.read(second);
                PackedRepository other = Packed.at(blobs)) {
            world.delete(repository, first);
            assertEquals(1, World.sweep(other).packsRewritten());
            world.assertContent(reader, second);
        }
        world.settle();
    }

    @Test
    void aWriterThatBeganBeforeIsWaitedForAndAnotherSweepGoesOn() {
        SnapshotId first = backup(1, 2, 3, 4);
        SnapshotId written;
        try (SnapshotWriter writer = World.begin(repository);
                PackedRepository other = Packed.at(blobs)) {
            world.delete(repository, first);
            SweepReport report = sweep();
            assertEquals(0, report.packsRemoved());
            assertEquals(1, report.packsWaiting());
            assertEquals(List.of(writer.id().value()), report.waitingFor());
            written = world.complete(writer, List.of(3, 4));
            report = World.sweep(other);
            assertEquals(1, report.packsRemoved());
            assertEquals(1, report.packsRewritten());
            assertEquals(0, report.packsWaiting());
        }
        world.restore(repository, written);
        world.settle();
    }

    @Test
    void patienceWaitsForTheWriter() throws Exception {
        SnapshotId first = backup(1, 2, 3, 4);
        SnapshotWriter writer = World.begin(repository);
        world.delete(repository, first);
        Thread finishing = new Thread(() -> {
            while (blobs.children("condemned").isEmpty()) {
                Thread.onSpinWait();
            }
            world.complete(writer, List.of(1));
            writer.close();
        });
        finishing.start();
        SweepReport report = repository
                .maintenance()
                .orElseThrow()
                .sweep(SweepRequest.defaults().patience(Duration.ofMinutes(5)));
        finishing.join();
        assertEquals(1, report.packsRemoved());
        world.settle();
    }

    @Test
    void aWriterThatBeginsAfterwardsStoresAnewWhatIsCondemned() {
        SnapshotId first = backup(1, 2, 3, 4);
        try (SnapshotWriter before = World.begin(repository)) {
            world.delete(repository, first);
            assertEquals(List.of(before.id().value()), sweep().waitingFor());
            Set<String> packs = names("packs");
            backup(1, 2);
            assertEquals(packs.size() + 1, names("packs").size());
        }
        SweepReport report = sweep();
        assertEquals(1, report.packsRemoved());
        assertEquals(0, report.packsRewritten());
        world.settle();
    }

    @Test
    void aDeadWriterIsFencedByADeletion() {
        SnapshotId first = backup(1, 2, 3, 4);
        SnapshotWriter dead = World.begin(repository);
        world.delete(repository, first);
        assertEquals(1, sweep().packsWaiting());
        assertTrue(world.delete(repository, dead.id()));
        assertEquals(1, sweep().packsRemoved());
        assertThrows(StoreException.class, () -> world.complete(dead, List.of(1, 2)));
        dead.close();
        assertTrue(repository.list().isEmpty());
        world.settle();
        assertEquals(Set.of(), names("packs"));
    }

    @Test
    void aWriterThatDiedRightAfterItsCommitHoldsNothingUp() {
        SnapshotId first = backup(1, 2, 3, 4);
        SnapshotId second = backup(3, 4);
        BlobName session = BlobName.of("sessions/0000000000000000002-" + second);
        blobs.putIfAbsent(session, BlobContent.of("{\"started\":\"2026-01-01T00:00:00Z\"}"));
        world.delete(repository, first);
        assertEquals(List.of(), World.sweep(repository, 0).waitingFor());
        assertFalse(blobs.stat(session).isPresent());
        world.settle();
    }

    @Test
    void whatAGivenUpSnapshotHadStoredIsFreed() {
        try (SnapshotWriter writer = World.begin(repository)) {
            world.complete(writer, List.of(1, 2));
        }
        SnapshotWriter writer = World.begin(repository);
        blobs.putIfAbsent(BlobName.of("snapshots/" + writer.id()), BlobContent.of("tombstone\n"));
        assertThrows(StoreException.class, () -> world.complete(writer, List.of(3, 4)));
        writer.close();
        assertEquals(2, names("packs").size());
        assertEquals(1, sweep().packsRemoved());
        world.settle();
    }

    @Test
    void aPackInNoIndexIsLeftToAnyWriterThatRuns() {
        backup(1);
        BlobName orphan = orphan();
        try (SnapshotWriter writer = World.begin(repository)) {
            assertEquals(0, sweep().packsRemoved(), () -> writer.id() + " runs");
            assertTrue(blobs.stat(orphan).isPresent());
        }
        assertEquals(1, sweep().packsRemoved());
        assertFalse(blobs.stat(orphan).isPresent());
        world.settle();
    }

    /** A pack as a writer leaves it that died before it put an index segment. */
    private BlobName orphan() {
        Set<String> before = names("packs");
        Set<String> segments = names("index");
        SnapshotId id = backup(77, 78);
        world.delete(repository, id);
        names("index").stream()
                .filter(segment -> !segments.contains(segment))
                .forEach(segment -> blobs.delete(BlobName.of(segment)));
        return BlobName.of(names("packs").stream()
                .filter(pack -> !before.contains(pack))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void aSweepThatDiedLongAgoKeepsNothingBack() {
        backup(1);
        BlobName orphan = orphan();
        BlobName dead = BlobName.of("sessions/0000000000000000002+sweep");
        blobs.putIfAbsent(dead, BlobContent.of("{\"started\":\"2026-01-01T00:00:00Z\"}"));
        BlobName drain = BlobName.of("condemned/0000000000000000002.drain");
        blobs.putIfAbsent(drain, BlobContent.of("2"));
        try (PackedRepository fresh = Packed.at(blobs)) {
            assertEquals(1, World.sweep(fresh).packsRemoved());
        }
        assertFalse(blobs.stat(orphan).isPresent());
        world.settle();
    }

    @Test
    void anotherRunningSweepKeepsPacksInNoIndexBack() {
        backup(1);
        BlobName orphan = orphan();
        BlobName running = BlobName.of("sessions/0000000000000000002+sweep");
        blobs.putIfAbsent(running, BlobContent.of("{\"started\":\"" + java.time.Instant.now() + "\"}"));
        try (PackedRepository fresh = Packed.at(blobs)) {
            assertEquals(0, World.sweep(fresh).packsRemoved());
            assertTrue(blobs.stat(orphan).isPresent());
            blobs.delete(running);
            assertEquals(1, World.sweep(fresh).packsRemoved());
        }
        world.settle();
    }

    @Test
    void anUnreadableSegmentStopsEverySweepUntilItIsMended() {
        SnapshotId first = backup(1, 2);
        BlobName dead = blobs.list("packs").get(0).name();
        Set<String> segments = names("index");
        backup(3, 4);
        BlobName segment = names("index").stream()
                .filter(name -> !segments.contains(name))
                .map(BlobName::of)
                .findFirst()
                .orElseThrow();
        world.delete(repository, first);
        byte[] right = damage(segment);
        blobs.delete(dead); // An index that names what is gone must not hide the damage.
        Set<String> packs = names("packs");
        try (PackedRepository fresh = Packed.at(blobs)) {
            for (int i = 0; i < 3; i++) {
                assertThrows(DamagedRepositoryException.class, () -> World.sweep(fresh));
            }
            assertEquals(packs, names("packs"));
            assertEquals(Set.of(), names("condemned"));
            blobs.damage(segment, right);
            World.sweep(fresh);
        }
        world.assertWhole();
    }

    private byte[] damage(BlobName name) {
        byte[] right = blobs.bytes(name);
        byte[] wrong = right.clone();
        wrong[wrong.length - 1] ^= 1;
        blobs.damage(name, wrong);
        return right;
    }

    @Test
    void anUnreadableManifestStopsTheSweep() {
        SnapshotId first = backup(1, 2);
        SnapshotId second = backup(3, 4);
        world.delete(repository, first);
        Set<String> packs = names("packs");
        byte[] right = damage(BlobName.of("snapshots/" + second));
        assertThrows(DamagedSnapshotException.class, this::sweep);
        assertEquals(packs, names("packs"));
        assertEquals(Set.of(), names("condemned"));
        assertEquals(Set.of(), names("sessions"));
        blobs.damage(BlobName.of("snapshots/" + second), right);
        assertEquals(1, sweep().packsRemoved());
        world.settle();
    }

    @Test
    void anUnreadableListingStopsTheSweep() {
        SnapshotId first = backup(1, 2);
        backup(1, 2, 3);
        world.delete(repository, first);
        names("packs").forEach(pack -> damage(BlobName.of(pack)));
        Set<String> packs = names("packs");
        try (PackedRepository fresh = Packed.at(blobs)) {
            assertThrows(DamagedSnapshotException.class, () -> World.sweep(fresh));
        }
        assertEquals(packs, names("packs"));
    }

    @Test
    void anUnreadableRecordStopsEverySweepAndMakesWritersStoreEverythingAnew() {
        SnapshotId first = backup(1, 2, 3);
        try (SnapshotWriter writer = World.begin(repository)) {
            world.delete(repository, first);
            assertEquals(List.of(writer.id().value()), sweep().waitingFor());
        }
        BlobName record = blobs.list("condemned").get(0).name();
        byte[] right = damage(record);
        backup(4, 5);
        Set<String> packs = names("packs");
        SnapshotId again = backup(4, 5);
        assertEquals(packs.size() + 1, names("packs").size());
        assertThrows(DamagedRepositoryException.class, this::sweep);
        world.restore(repository, again);
        blobs.damage(record, right);
        sweep();
        world.settle();
    }

    @Test
    void aDamagedPackThatIsNeededStaysAndGoesOnceItsChunksAreElsewhere() {
        backup(1, 2);
        BlobInfo pack = blobs.list("packs").get(0);
        BlobName damaged = BlobName.of("damaged/" + pack.name().lastComponent());
        blobs.putIfAbsent(damaged, BlobContent.of("for a test\n"));
        assertEquals(0, World.sweep(repository, 0).packsRemoved());
        backup(1, 2);
        assertEquals(2, names("packs").size());
        assertEquals(1, sweep().packsRemoved());
        assertFalse(blobs.stat(pack.name()).isPresent());
        assertEquals(Set.of(), names("damaged"));
        world.settle();
    }

    @Test
    void aCondemnedPackThatCannotBeReadStaysAsLongAsItIsNeeded() {
        SnapshotId first = backup(1, 2, 3, 4, 5, 6, 7, 8);
        BlobName pack = blobs.list("packs").get(0).name();
        SnapshotId second;
        try (SnapshotWriter writer = World.begin(repository)) {
            world.delete(repository, first);
            assertEquals(1, sweep().packsWaiting());
            second = world.complete(writer, List.of(1, 2));
        }
        byte[] right = damage(pack);
        try (PackedRepository fresh = Packed.at(blobs)) {
            SweepReport report = World.sweep(fresh);
            assertEquals(0, report.packsRemoved());
            assertEquals(1, report.packsWaiting());
        }
        blobs.damage(pack, right);
        try (PackedRepository fresh = Packed.at(blobs)) {
            assertEquals(1, World.sweep(fresh).packsRewritten());
        }
        world.restore(repository, second);
        world.settle();
    }

    /** The one that the index prefers cannot be read; the other must not go as if it were not needed. */
    @Test
    void ofTwoCondemnedPacksWithTheSameChunksTheOneThatCanBeReadIsCopied() {
        SnapshotId first;
        SnapshotId second;
        try (SnapshotWriter one = World.begin(repository);
                SnapshotWriter two = World.begin(repository)) {
            first = world.complete(one, List.of(1, 2, 3));
            second = world.complete(two, List.of(1, 2, 3));
        }
        assertEquals(2, names("packs").size());
        try (SnapshotWriter writer = World.begin(repository)) {
            world.delete(repository, first);
            world.delete(repository, second);
            assertEquals(2, sweep().packsWaiting());
            world.complete(writer, List.of(1, 2, 3));
        }
        damage(blobs.list("packs").get(0).name());
        try (PackedRepository fresh = Packed.at(blobs)) {
            World.sweep(fresh);
        }
        world.assertWhole();
    }

    @Test
    void aCancelledSweepIsTakenUpByTheNext() {
        world.delete(repository, backup(1, 2));
        CancellationToken token = new CancellationToken();
        FaultyBlobStore calls = FaultyBlobStore.over(blobs);
        try (PackedRepository cancelled = Packed.at(calls)) {
            backup(3);
            calls.onCall(call -> {
                if (call.name().endsWith(".drain")) {
                    token.cancel();
                }
            });
            assertThrows(
                    BackupCancelledException.class,
                    () -> cancelled
                            .maintenance()
                            .orElseThrow()
                            .sweep(SweepRequest.defaults().cancellation(token)));
        }
        assertEquals(
                1,
                names("condemned").stream()
                        .filter(name -> !name.endsWith(".drain"))
                        .count());
        assertEquals(1, sweep().packsRemoved());
        world.settle();
    }

    @Test
    void aSweepThatDiesAtAnyCallIsTakenUpByTheNext() {
        SnapshotId first = backup(1, 2, 3, 4, 5, 6, 7, 8);
        SnapshotId second = backup(11, 12);
        backup(1, 2, 13);
        world.delete(repository, first);
        world.delete(repository, second);
        boolean died = true;
        int calls = 0;
        while (died) {
            calls++;
            World copy = world.copy();
            FaultyBlobStore dying = FaultyBlobStore.over(copy.blobs());
            try (PackedRepository there = Packed.at(dying)) {
                there.open();
                dying.failFrom(dying.calls() + calls);
                World.sweep(there);
                // The session's end may be what failed, which the sweep passes over.
                died = !copy.blobs().children("sessions").isEmpty();
            } catch (StoreException | DamagedRepositoryException e) { // An unreadable segment may be damage as well.
                died = true;
            }
            copy.assertWhole();
            copy.blobs().list("sessions").forEach(session -> copy.blobs().delete(session.name()));
            copy.settle();
        }
        assertTrue(calls > 30, "a sweep made only " + calls + " calls");
    }
}
