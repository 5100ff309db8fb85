package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A writer that merges the segments of the index sleeps before each of its calls, or never wakes up: at no moment is anything that snapshots need unknown to the index. */
class MergingTest {

    /** One less than a merge takes. */
    private static final int SEGMENTS = 31;

    private static final World PREPARED = prepared();

    private static World prepared() {
        World world = World.create();
        try (PackedRepository repository = Packed.at(world.blobs())) {
            for (int i = 0; i < SEGMENTS; i++) {
                world.backup(repository, Optional.empty(), List.of(i, 100 + i));
            }
        }
        assertEquals(SEGMENTS, world.blobs().list("index").size());
        return world;
    }

    /** What others do while the writer sleeps. */
    private enum Beside {
        NOTHING {
            @Override
            void run(World world) {
                // The writer may as well be dead.
            }
        },
        ANOTHER_MERGE {
            @Override
            void run(World world) {
                try (PackedRepository repository = Packed.at(world.blobs())) {
                    world.backup(repository, Optional.empty(), List.of(3, 300));
                }
            }
        },
        SWEEPS {
            @Override
            void run(World world) {
                try (PackedRepository repository = Packed.at(world.blobs())) {
                    for (int i = 1; i <= 5; i++) {
                        world.delete(repository, SnapshotId.of("snap-" + i));
                    }
                    World.sweep(repository);
                    World.sweep(repository);
                }
            }
        },
        ALL_OF_IT {
            @Override
            void run(World world) {
                SWEEPS.run(world);
                ANOTHER_MERGE.run(world);
                SWEEPS.run(world);
            }
        };

        abstract void run(World world);
    }

    @ParameterizedTest
    @EnumSource(Beside.class)
    void aMergeThatSleepsHidesNothing(Beside beside) {
        long calls = 0;
        while (sleeps(calls + 1, beside, store -> store)) {
            calls++;
        }
        System.out.println("a writer that merges slept before each of " + calls + " calls, beside " + beside);
        assertTrue(calls > 2 * SEGMENTS, "it has only " + calls + " calls to sleep through, so it merged nothing");
    }

    /** The merge comes after the copy, or the next writer, has listed the segments and before it reads the first. */
    @Test
    void whoeverListedSegmentsThatAreMergedFindsTheNewOne() {
        for (boolean copy : new boolean[] {true, false}) {
            World world = PREPARED.copy();
            MemoryBlobStore target = new MemoryBlobStore();
            AtomicBoolean merged = new AtomicBoolean();
            BlobStore beside = new ForwardingStore(world.blobs()) {
                @Override
                public InputStream read(BlobName name) {
                    if (isSegment(name) && merged.compareAndSet(false, true)) {
                        ANOTHER.accept(world);
                    }
                    return super.read(name);
                }
            };
            try (PackedRepository repository = Packed.at(beside)) {
                if (copy) {
                    repository.copyTo(target, ProgressListener.NONE, new CancellationToken());
                } else {
                    long before = world.blobs().list("packs").size();
                    world.backup(repository, Optional.empty(), List.of(5, 105));
                    assertEquals(before + 1, world.blobs().list("packs").size(), "only the other one is new");
                }
            }
            assertTrue(merged.get());
            world.assertWhole();
        }
    }

    /**
     * A segment that a copy brings back has the name of one that a merge is about to delete, and a sweep has taken from the merged one what was gone meanwhile. So nobody merges beside a
     * record of condemned packs, and whoever condemns waits for those who merge.
     */
    @Test
    void aMergeInASecondStoreHidesNothingThatACopyBroughtBack() {
        World source = PREPARED.copy();
        MemoryBlobStore target = new MemoryBlobStore();
        AtomicBoolean done = new AtomicBoolean();
        try (PackedRepository from = Packed.at(source.blobs());
                PackedRepository there = Packed.at(target)) {
            Runnable sweepAndCopy = () -> {
                if (!done.get()) {
                    World.sweep(there);
                    from.copyTo(target, ProgressListener.NONE, new CancellationToken());
                    done.set(true);
                }
            };
            from.copyTo(target, ProgressListener.NONE, new CancellationToken());
            source.backup(from, Optional.empty(), List.of(5, 300));
            SnapshotId later = source.backup(from, Optional.empty(), List.of(6, 301));
            from.copyTo(target, ProgressListener.NONE, new CancellationToken());
            assertTrue(target.list("index").size() > 32, "as many as a writer there merges");
            there.delete(later);
            SnapshotWriter holdsUp = World.begin(there);
            World.sweep(there); // Only condemns.
            holdsUp.close();
            BlobStore sleeps = new ForwardingStore(target) {
                @Override
                public void deleteAll(Collection<BlobName> names) {
                    if (names.stream().anyMatch(MergingTest::isSegment)) {
                        sweepAndCopy.run();
                    }
                    super.deleteAll(names);
                }
            };
            try (PackedRepository merging = Packed.at(sleeps)) {
                source.backup(merging, Optional.empty(), List.of(9, 109)); // Stores nothing new.
            }
            sweepAndCopy.run();
            World.assertListedIsWhole(there);
            try (PackedRepository anew = Packed.at(target)) {
                assertTrue(World.assertListedIsWhole(anew).contains(later.value()));
            }
        }
    }

    private static final Consumer<World> ANOTHER = Beside.ANOTHER_MERGE::run;

    @Test
    void twoMergesThatTakeTurnsHideNothing() {
        for (int first = 1; first < 110; first += 7) {
            for (int second = 1; second < 110; second += 13) {
                World world = PREPARED.copy();
                try (Actor one = new Actor(world.blobs(), store -> store);
                        Actor two = new Actor(world.blobs(), store -> store)) {
                    one.run(first, repository -> world.backup(repository, Optional.empty(), List.of(1, 200)));
                    two.run(second, repository -> world.backup(repository, Optional.empty(), List.of(2, 201)));
                    world.assertWhole();
                    if (one.isSuspended()) {
                        one.resume();
                    }
                    world.assertWhole();
                }
                world.assertWhole();
            }
        }
    }

    /** Else the others would be read again for each snapshot. */
    @Test
    void aSegmentOnABadSectorKeepsTheOthersFromNoMerge() {
        World world = PREPARED.copy();
        AtomicBoolean bad = new AtomicBoolean();
        BlobName segment = world.blobs().list("index").get(7).name();
        BlobStore store = new ForwardingStore(world.blobs()) {
            @Override
            public InputStream read(BlobName name) {
                if (bad.get() && name.equals(segment)) {
                    throw new StoreException(StoreException.Reason.IO, "bad sector", "replace the disk", null);
                }
                return super.read(name);
            }
        };
        try (PackedRepository repository = Packed.at(store);
                SnapshotWriter writer = World.begin(repository)) {
            bad.set(true);
            world.complete(writer, List.of(5, 400));
        }
        assertEquals(2, world.blobs().list("index").size());
        world.assertWhole();
    }

    /** The schedules see it when old segments go before the new one is durable. */
    @Test
    void aMergeInTheWrongOrderIsNoticed() {
        assertThrows(AssertionError.class, () -> sleepsBeforeEach(EarlyDeletion::new));
    }

    @Test
    void aMergeThatStoresNothingIsNoticed() {
        assertThrows(AssertionError.class, () -> sleepsBeforeEach(LostSegments::new));
    }

    private static void sleepsBeforeEach(UnaryOperator<BlobStore> mistake) {
        long calls = 0;
        try {
            while (sleeps(calls + 1, Beside.NOTHING, mistake)) {
                calls++;
            }
        } catch (RuntimeException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the writer was suspended before that call; if not, it had ended. */
    private static boolean sleeps(long before, Beside beside, UnaryOperator<BlobStore> mistake) {
        World world = PREPARED.copy();
        boolean slept;
        try (Actor writer = new Actor(world.blobs(), mistake)) {
            writer.run(
                    before,
                    repository -> world.backup(repository, Optional.of(SnapshotId.of("snap-9")), List.of(9, 109, 400)));
            slept = writer.isSuspended();
            world.assertWhole();
            beside.run(world);
            world.assertWhole();
            if (slept) {
                writer.resume();
            }
            Throwable failure = writer.failure();
            if (failure != null) {
                throw new AssertionError("the writer failed", failure);
            }
        }
        world.assertWhole();
        world.settle();
        return slept;
    }

    private static boolean isSegment(BlobName name) {
        return name.value().startsWith("index/");
    }

    /** Removes a segment as soon as the merge has read it. */
    private static final class EarlyDeletion extends ForwardingStore {

        private final List<BlobName> read = new ArrayList<>();
        private boolean writing;

        EarlyDeletion(BlobStore store) {
            super(store);
        }

        @Override
        public InputStream read(BlobName name) {
            if (isSegment(name) && writing) {
                read.add(name);
            }
            return super.read(name);
        }

        @Override
        public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            if (isSegment(name)) {
                read.forEach(super::delete);
                writing = true;
            }
            return super.putIfAbsent(name, content);
        }
    }

    /** The first segment is that of the snapshot, the second that of the merge. */
    private static final class LostSegments extends ForwardingStore {

        private int put;

        LostSegments(BlobStore store) {
            super(store);
        }

        @Override
        public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            return isSegment(name) && ++put > 1 ? PutOutcome.CREATED : super.putIfAbsent(name, content);
        }
    }
}
