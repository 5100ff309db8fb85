package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A copy that sleeps before any call, to either store, while the other side is swept: what is listed in the second store can be restored from there. */
class CopyBesideSweepTest {

    private static final World SOURCE = source();

    private static World source() {
        World world = World.create();
        try (PackedRepository repository = Packed.at(world.blobs())) {
            world.backup(repository, Optional.empty(), List.of(1, 2, 3, 4, 5, 6, 7, 8));
            world.backup(repository, Optional.empty(), List.of(1, 2, 11));
            world.backup(repository, Optional.empty(), List.of(11, 12, 13));
            // Enough segments for a sweep to make one of them all, which the next sweep then replaces.
            List<SnapshotId> more = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                more.add(world.backup(repository, Optional.empty(), List.of(20 + i)));
            }
            more.subList(2, 16).forEach(id -> world.delete(repository, id));
            World.sweep(repository);
        }
        return world;
    }

    @Test
    void aSweepOfTheSourceCostsTheCopyNoSnapshotThatItLists() {
        long calls = 0;
        while (copies(calls + 1, false)) {
            calls++;
        }
        assertTrue(calls > 20, "a copy made only " + calls + " calls");
    }

    @Test
    void aSweepOfTheSecondStoreCostsTheCopyNoSnapshotThatItLists() {
        long calls = 0;
        while (copies(calls + 1, true)) {
            calls++;
        }
        assertTrue(calls > 20, "a copy made only " + calls + " calls");
    }

    /** A sweep that wakes up late deletes packs by their names, and a copy brings back the very names. */
    @Test
    void aSweepThatSleepsInTheSecondStoreTakesNothingThatACopyBroughtBack() {
        long calls = 0;
        boolean slept = true;
        while (slept) {
            calls++;
            World world = SOURCE.copy();
            MemoryBlobStore target = new MemoryBlobStore();
            try (PackedRepository repository = Packed.at(world.blobs());
                    PackedRepository there = Packed.at(target)) {
                copy(repository, target);
                there.delete(SnapshotId.of("snap-1"));
                there.delete(SnapshotId.of("snap-4"));
                try (Actor sweeper = new Actor(target, store -> store)) {
                    sweeper.run(calls, World::sweep);
                    slept = sweeper.isSuspended();
                    World.sweep(there);
                    try {
                        copy(repository, target);
                    } catch (BackupBusyException e) {
                        assertTrue(slept, e.getMessage());
                    }
                    if (slept) {
                        sweeper.resume();
                    }
                }
                World.assertListedIsWhole(there);
                copy(repository, target);
                Set<String> copied = World.assertListedIsWhole(there);
                assertEquals(World.assertListedIsWhole(repository), copied);
            }
        }
        assertTrue(calls > 20, "a sweep made only " + calls + " calls");
    }

    private static boolean copies(long sleepBefore, boolean sweepTarget) {
        World world = SOURCE.copy();
        MemoryBlobStore target = new MemoryBlobStore();
        try (PackedRepository repository = Packed.at(world.blobs())) {
            if (sweepTarget) {
                copy(repository, target); // An earlier copy, so that there is something to sweep.
                world.backup(repository, Optional.empty(), List.of(11, 12, 13, 14));
            }
        }
        boolean slept;
        try (Actor copying = new Actor(world.blobs(), store -> store)) {
            BlobStore watched = copying.watch(target);
            copying.run(sleepBefore, repository -> copy(repository, watched));
            slept = copying.isSuspended();
            String before = copying.suspendedBefore();
            try (PackedRepository other = Packed.at(sweepTarget ? target : world.blobs())) {
                other.delete(SnapshotId.of(sweepTarget ? "snap-1" : "snap-4"));
                World.sweep(other);
                World.sweep(other);
            } catch (BackupException e) {
                // A copy may hold a sweep up.
            }
            if (slept) {
                copying.resume();
            }
            Throwable failure = copying.failure();
            try (PackedRepository there = Packed.at(target)) {
                World.assertListedIsWhole(there);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        e.getMessage() + " after the copy slept before call " + sleepBefore + ", " + before
                                + ", and ended with " + failure,
                        e);
            }
        }
        return slept;
    }

    private static void copy(PackedRepository from, BlobStore to) {
        from.copyTo(to, ProgressListener.NONE, new CancellationToken());
    }
}
