package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** One store, and what ought to be in it. Thread-safe. */
public final class World {

    private final MemoryBlobStore blobs;
    private final Map<SnapshotId, SortedSet<Integer>> written = new ConcurrentHashMap<>();
    private final Set<SnapshotId> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<SnapshotId> given = ConcurrentHashMap.newKeySet();

    private World(MemoryBlobStore blobs) {
        this.blobs = blobs;
    }

    /** A repository without a snapshot. */
    public static World create() {
        World world = new World(new MemoryBlobStore());
        try (PackedRepository repository = Packed.at(world.blobs)) {
            repository.open();
        }
        return world;
    }

    /** Another world like this one. */
    public World copy() {
        World copy = new World(blobs.copy());
        copy.written.putAll(written);
        copy.acknowledged.addAll(acknowledged);
        copy.given.addAll(given);
        return copy;
    }

    /** Its store. */
    public MemoryBlobStore blobs() {
        return blobs;
    }

    /** What was written under an id. */
    public SortedSet<Integer> content(SnapshotId id) {
        return written.getOrDefault(id, new TreeSet<>());
    }

    /** Snapshots that were acknowledged and that nobody has begun to delete, oldest first. */
    public List<SnapshotId> kept() {
        return acknowledged.stream()
                .filter(id -> !given.contains(id))
                .sorted((a, b) -> Long.compare(number(a), number(b)))
                .toList();
    }

    private static long number(SnapshotId id) {
        return Long.parseLong(id.value().substring("snap-".length()));
    }

    /** Takes a snapshot; it is remembered before its commit, since it may be complete without having been acknowledged. */
    public SnapshotId backup(PackedRepository repository, Optional<SnapshotId> parent, Iterable<Integer> files) {
        try (SnapshotWriter writer = begin(repository)) {
            return complete(writer, parent, files);
        }
    }

    /** A writer that has listed what is there. */
    public static SnapshotWriter begin(PackedRepository repository) {
        return repository.begin(number -> SnapshotId.of("snap-" + number));
    }

    /** Writes and commits. */
    public SnapshotId complete(SnapshotWriter writer, Iterable<Integer> files) {
        return complete(writer, Optional.empty(), files);
    }

    private SnapshotId complete(SnapshotWriter writer, Optional<SnapshotId> parent, Iterable<Integer> files) {
        SortedSet<Integer> numbers = new TreeSet<>();
        files.forEach(numbers::add);
        written.put(writer.id(), numbers);
        write(writer, parent, numbers);
        acknowledged.add(writer.id());
        return writer.id();
    }

    /** Writes and commits; the label tells what the snapshot ought to hold. */
    static void write(SnapshotWriter writer, Optional<SnapshotId> parent, SortedSet<Integer> numbers) {
        PoolDataset dataset = PoolDataset.of(numbers);
        DatasetSummary summary =
                writer.write(dataset, dataset.view(), parent, (entries, bytes) -> {}, new CancellationToken());
        SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Instant.parse("2026-01-02T03:04:05Z"))
                .sequence(writer.sequence())
                .label(numbers.stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .datasets(List.of(summary))
                .build();
        writer.commit(new SnapshotManifest(metadata, Duration.ofMillis(1), Map.of(), List.of()));
    }

    /** The files that a snapshot says it holds. */
    static SortedSet<Integer> labelled(SnapshotMetadata metadata) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String number : metadata.label().orElseThrow().split(" ", -1)) {
            numbers.add(Integer.valueOf(number));
        }
        return numbers;
    }

    /** Reads whatever is listed, compares every byte with what the snapshot says it holds, and answers what is listed. */
    static Set<String> assertListedIsWhole(PackedRepository repository) {
        Set<String> listed = new TreeSet<>();
        for (StoredSnapshot stored : repository.list()) {
            if (stored instanceof StoredSnapshot.Committed committed) {
                try (SnapshotReader reader = repository.read(committed.id())) {
                    assertContent(reader, committed.id(), labelled(committed.metadata()));
                }
                listed.add(committed.id().value());
            } else if (stored instanceof StoredSnapshot.Invalid invalid) {
                assertTrue(invalid.unfinished(), () -> "damaged: " + invalid);
            }
        }
        return listed;
    }

    /** Deletes a snapshot, or fences its writer. */
    public boolean delete(PackedRepository repository, SnapshotId id) {
        given.add(id);
        return repository.delete(id);
    }

    /** Sweeps without patience. */
    public static SweepReport sweep(PackedRepository repository) {
        return sweep(repository, 0.5);
    }

    /** Sweeps without patience. */
    public static SweepReport sweep(PackedRepository repository, double maxUnused) {
        return repository
                .maintenance()
                .orElseThrow()
                .sweep(SweepRequest.defaults().maxUnused(maxUnused));
    }

    /** Reads a snapshot to its end and compares every byte. */
    public void restore(PackedRepository repository, SnapshotId id) {
        try (SnapshotReader reader = repository.read(id)) {
            assertContent(reader, id);
        }
    }

    /** Compares every byte of an open snapshot. */
    public void assertContent(SnapshotReader reader, SnapshotId id) {
        assertContent(reader, id, content(id));
    }

    private static void assertContent(SnapshotReader reader, SnapshotId id, SortedSet<Integer> numbers) {
        DatasetReader dataset = reader.dataset(PoolDataset.NAME);
        Map<String, byte[]> wanted = PoolDataset.of(numbers).tree();
        List<Entry> entries = new ArrayList<>();
        try (EntryCursor cursor = dataset.entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                entries.add(entry);
            }
        }
        Map<String, byte[]> found = new TreeMap<>();
        try {
            for (Entry entry : entries) {
                try (InputStream in = entry.content().open()) {
                    found.put(entry.path().value(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertEquals(wanted.keySet(), found.keySet(), () -> "the files of " + id);
        wanted.forEach((path, bytes) -> assertArrayEquals(bytes, found.get(path), () -> id + "/" + path));
    }

    /** Whatever is listed can be read byte for byte, and what was acknowledged and not deleted is listed. Asked with new eyes. */
    public void assertWhole() {
        assertWhole(blobs);
    }

    /** The same, asked through another store. */
    public void assertWhole(BlobStore through) {
        try (PackedRepository repository = Packed.at(through)) {
            Set<SnapshotId> listed = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
            for (StoredSnapshot stored : repository.list()) {
                if (stored instanceof StoredSnapshot.Committed committed) {
                    listed.add(committed.id());
                    restore(repository, committed.id());
                } else if (stored instanceof StoredSnapshot.Invalid invalid) {
                    assertTrue(invalid.unfinished(), () -> "damaged: " + invalid);
                }
            }
            assertTrue(listed.containsAll(kept()), () -> "kept " + kept() + ", listed " + listed);
        }
    }

    /** Takes every writer that is left for dead, sweeps, and then nothing may be left that no snapshot needs. */
    public void settle() {
        try (PackedRepository repository = Packed.at(blobs)) {
            for (StoredSnapshot stored : repository.list()) {
                if (stored instanceof StoredSnapshot.Invalid) {
                    fence(repository, stored.id());
                }
            }
            // A fenced writer that wakes up last may leave a segment for a pack that is gone; it goes with the next
            // pack that does.
            delete(repository, backup(repository, Optional.empty(), List.of(9_999)));
            for (int i = 0; i < 3; i++) {
                sweep(repository, 0);
            }
        }
        assertWhole();
        assertClean();
    }

    /** Takes a writer for dead; one that had just committed is left alone. */
    public void fence(PackedRepository repository, SnapshotId id) {
        try {
            delete(repository, id);
        } catch (StoreException e) {
            given.remove(id); // It had committed.
        }
    }

    /** Only what the listed snapshots need is left. */
    public void assertClean() {
        for (String folder : List.of("condemned", "sessions", "readers")) {
            assertEquals(Set.of(), blobs.children(folder), folder);
        }
        Waste waste = Waste.in(blobs);
        assertEquals(Set.of(), waste.unindexed(), "packs in no index");
        assertEquals(Set.of(), waste.unused(), "packs without anything that a snapshot needs");
        assertEquals(0, waste.deadBytes(), "bytes in packs that no snapshot needs");
        assertEquals(Set.of(), waste.indexedButGone(), "index entries of packs that are gone");
    }
}
