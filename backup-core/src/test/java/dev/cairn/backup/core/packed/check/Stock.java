package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.keys.slot.KeySlots;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.packed.read.PackFile;
import dev.cairn.backup.core.packed.store.Description;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Toolbox;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A packed repository in memory with snapshots of known files, and ways to break it. */
final class Stock {

    static final String DATASET = "docs";

    final MemoryBlobStore blobs;
    final PackedRepository repository;

    Stock() {
        this(new MemoryBlobStore());
    }

    Stock(MemoryBlobStore blobs) {
        this.blobs = blobs;
        this.repository = Packed.at(blobs);
    }

    /** The same blobs for a process that remembers nothing. */
    Stock copy() {
        return new Stock(blobs.copy());
    }

    /** Files of random bytes, each one chunk. */
    static Map<String, byte[]> files(String prefix, long seed, int count, int size) {
        Random random = new Random(seed);
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            files.put("%s/%03d".formatted(prefix, i), bytes);
        }
        return files;
    }

    static Map<String, byte[]> both(Map<String, byte[]> some, Map<String, byte[]> more) {
        Map<String, byte[]> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }

    SnapshotId write(String id, Map<String, byte[]> files) {
        return write(id, Optional.empty(), files);
    }

    SnapshotId write(String id, Optional<SnapshotId> parent, Map<String, byte[]> files) {
        try (SnapshotWriter writer = repository.begin(number -> SnapshotId.of(id))) {
            commit(writer, put(writer, parent, files));
            return writer.id();
        }
    }

    static DatasetSummary put(SnapshotWriter writer, Map<String, byte[]> files) {
        return put(writer, Optional.empty(), files);
    }

    private static DatasetSummary put(SnapshotWriter writer, Optional<SnapshotId> parent, Map<String, byte[]> files) {
        Files dataset = new Files(files);
        return writer.write(dataset, dataset, parent, (entries, bytes) -> {}, new CancellationToken());
    }

    static void commit(SnapshotWriter writer, DatasetSummary summary) {
        SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Instant.parse("2026-01-02T03:04:05Z"))
                .sequence(writer.sequence())
                .datasets(List.of(summary))
                .build();
        writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
    }

    /** The repository's inside, as another process would open it. */
    OpenStore open() {
        return open(blobs);
    }

    static OpenStore open(BlobStore blobs) {
        Description description = Description.find(blobs).orElseThrow();
        return OpenStore.of(blobs, description, KeySlots.open(blobs, description.id(), List.of(Packed.key())));
    }

    List<BlobName> names(String folder) {
        return blobs.list(folder).stream().map(BlobInfo::name).toList();
    }

    Set<PackId> packs() {
        Set<PackId> found = new TreeSet<>();
        names("packs").forEach(name -> found.add(PackId.of(name)));
        return found;
    }

    /** The one pack that came since. */
    PackId packSince(Set<PackId> before) {
        Set<PackId> since = packs();
        since.removeAll(before);
        if (since.size() != 1) {
            throw new AssertionError("one new pack was expected, not " + since);
        }
        return since.iterator().next();
    }

    List<Block> blocks(PackId pack) {
        try (OpenStore open = open()) {
            return PackFile.directory(open, pack, blobs.bytes(pack.blob()).length)
                    .blocks();
        }
    }

    /** Changes one bit. */
    void flip(BlobName name, int at) {
        byte[] bytes = blobs.bytes(name);
        bytes[at] ^= 0x20;
        blobs.damage(name, bytes);
    }

    void cut(BlobName name, int length) {
        blobs.damage(name, Arrays.copyOf(blobs.bytes(name), length));
    }

    /** Changes one bit in the middle of a block. */
    void flip(PackId pack, Block block) {
        flip(pack.blob(), storedAt(block.offset() + block.stored() / 2));
    }

    /** Where a byte of a body lies in the container; see the format, section 5. */
    static int storedAt(int bodyOffset) {
        int plain = bodyOffset + 8;
        return 96 + plain / 16_384 * 16_400 + plain % 16_384;
    }

    /** The names, as reports give them, of the files that are whole chunks in a block. */
    List<String> namesIn(Block block, Map<String, byte[]> files) {
        Map<ChunkId, String> paths = new java.util.HashMap<>();
        try (OpenStore open = open();
                Toolbox.Tools tools = open.tools().borrow()) {
            files.forEach((path, bytes) -> paths.put(tools.hasher().id(bytes, 0, bytes.length), DATASET + "/" + path));
        }
        return Arrays.stream(block.chunks())
                .filter(paths::containsKey)
                .map(paths::get)
                .sorted()
                .toList();
    }

    /** The names of files that cannot be read or are something else. */
    List<String> unreadable(SnapshotId id, Map<String, byte[]> files) {
        List<String> found = new ArrayList<>();
        try (SnapshotReader reader = Packed.at(blobs).read(id);
                EntryCursor cursor = reader.dataset(DATASET).entries()) {
            int count = 0;
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next(), count++) {
                if (!isRight(entry, files.get(entry.path().value()))) {
                    found.add(DATASET + "/" + entry.path());
                }
            }
            if (count != files.size()) {
                throw new AssertionError(count + " entries instead of " + files.size());
            }
        }
        return found;
    }

    private static boolean isRight(Entry entry, byte[] expected) {
        try (InputStream in = entry.content().open()) {
            byte[] found = in.readAllBytes();
            if (!Arrays.equals(found, expected)) {
                throw new AssertionError("wrong bytes in " + entry.path());
            }
            return true;
        } catch (BackupException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A dataset of files that say of themselves that they never change. */
    private record Files(Map<String, byte[]> files) implements Dataset, FrozenView {

        @Override
        public EntryCursor entries() {
            Instant then = Instant.parse("2020-01-01T00:00:00Z");
            return EntryCursor.of(files.entrySet().stream()
                    .map(file -> Entry.file(
                            EntryPath.of(file.getKey()),
                            file.getValue().length,
                            new EntryAttributes(
                                    Optional.of(then),
                                    OptionalInt.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(new EntryAttributes.Identity(then, file.getKey()))),
                            () -> new ByteArrayInputStream(file.getValue())))
                    .sorted((a, b) -> a.path().compareTo(b.path()))
                    .toList());
        }

        @Override
        public String name() {
            return DATASET;
        }

        @Override
        public String kind() {
            return "sample";
        }

        @Override
        public Optional<Location> location() {
            return Optional.empty();
        }

        @Override
        public Optional<PreparedCapture> prepare(CaptureContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DatasetPlan compare(DatasetReader snapshot) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StagedRestore stage(DatasetReader snapshot, StageContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StagedRestore resume(StageContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
